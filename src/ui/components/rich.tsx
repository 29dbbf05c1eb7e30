import type { ParseKeys, TOptions } from 'i18next'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** What closes a sentence or a part of it, right behind an element. */
const CLOSING = /^[.,;:?!”)]+/

/**
 * A text with elements in it: `<site/>` in the message becomes `parts.site`, `<b>…</b>` is strong. Nothing is parsed
 * as HTML, and what others chose (names, addresses) comes in as parts, so it can never be taken for markup.
 * An address is a box of its own, and a box may leave the full stop behind it to the next line: the two are kept whole.
 */
export function Rich(props: { text: ParseKeys; values?: TOptions; parts?: Readonly<Record<string, ReactNode>> }) {
  const { t } = useTranslation()
  const pieces = t(props.text, props.values ?? {}).split(/<(\w+)\/>|<b>([^<]*)<\/b>/)
  return (
    <>
      {pieces.map((piece, i) => {
        const key = `${i}`
        // split() puts the two groups between the texts: a part's name, then strong words.
        if (i % 3 === 0) {
          const text = pieces[i - 2] === undefined ? piece : piece.replace(CLOSING, '')
          return text === '' ? null : <Fragment key={key}>{text}</Fragment>
        }
        if (piece === undefined) return null
        if (i % 3 === 2) return <b key={key}>{piece}</b>
        return (
          <Whole key={key} closing={CLOSING.exec(pieces[i + 2] ?? '')?.[0]}>
            {props.parts?.[piece]}
          </Whole>
        )
      })}
    </>
  )
}

/** An element with the punctuation that follows it. */
export function Whole({ closing, children }: { closing: string | undefined; children: ReactNode }) {
  if (closing === undefined) return children
  return (
    <span className="whole">
      {children}
      {closing}
    </span>
  )
}
