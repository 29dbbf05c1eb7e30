import type { ReactNode } from 'react'

/** `solid` is the answer, `plain` a way out, `link` something quiet. */
export function Button(props: {
  kind?: 'solid' | 'plain' | 'link' | 'rust'
  onPress: () => void
  label?: string | undefined
  children: ReactNode
}) {
  const kind = { solid: 'btn', plain: 'btn plain', link: 'btn link', rust: 'btn plain rust' }[props.kind ?? 'solid']
  return (
    <button type="button" className={kind} aria-label={props.label} onClick={props.onPress}>
      {props.children}
    </button>
  )
}

/**
 * Two answers of one weight. `yes` waits, dashed and with words, until `ready`; it can be reached by keyboard all the
 * while, and does nothing. `before` is what there is to be done first, with the same button, so that the focus stays. `no` never waits.
 */
export function Answers(props: {
  no: { text: string; onPress: () => void }
  yes: { text: string; waiting: string; ready: boolean; onPress: () => void }
  before?: { text: string; onPress: () => void } | undefined
}) {
  const { no, yes, before } = props
  return (
    <div className="pair">
      <Button onPress={no.onPress}>{no.text}</Button>
      <button
        type="button"
        className="btn"
        aria-disabled={before === undefined && !yes.ready}
        onClick={() => {
          if (before !== undefined) before.onPress()
          else if (yes.ready) yes.onPress()
        }}
      >
        {before?.text ?? (yes.ready ? yes.text : yes.waiting)}
      </button>
    </div>
  )
}
