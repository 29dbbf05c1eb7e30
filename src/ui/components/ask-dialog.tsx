import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'

/**
 * A question before something that cannot be undone. The browser's own modal dialogue: it keeps the focus inside,
 * closes with Escape and gives the focus back. The way out comes first, has the focus and is the solid button; the way
 * on is in rust.
 */
export function AskDialog(props: {
  title: string
  text: string
  keep: string
  go: string
  grave?: boolean
  onKeep: () => void
  onGo: () => void
  children?: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className="ask"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault()
        props.onKeep()
      }}
    >
      <form method="dialog" onSubmit={(event) => event.preventDefault()}>
        <h2 id={`${id}-title`} className={props.grave ? 'subtitle rust' : 'subtitle'}>
          {props.title}
        </h2>
        <p id={`${id}-text`} className="small">
          {props.text}
        </p>
        {props.children}
        <div className="pair">
          <Button onPress={props.onKeep}>{props.keep}</Button>
          <Button kind="rust" onPress={props.onGo}>
            {props.go}
          </Button>
        </div>
      </form>
    </dialog>
  )
}
