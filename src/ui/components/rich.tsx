import type { ParseKeys, TOptions } from 'i18next'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/**
 * A text with elements in it: `<site/>` in the message becomes `parts.site`, `<b>…</b>` is strong. Nothing is parsed
 * as HTML, and what others chose (names, addresses) comes in as parts, so it can never be taken for markup.
 */
export function Rich(props: { text: ParseKeys; values?: TOptions; parts?: Readonly<Record<string, ReactNode>> }) {
  const { t } = useTranslation()
  const pieces = t(props.text, props.values ?? {}).split(/<(\w+)\/>|<b>([^<]*)<\/b>/)
  return (
    <>
      {pieces.map((piece, i) => {
        const key = `${i}`
        // split() puts the two groups between the texts: a part's name, then strong words.
        if (i % 3 === 0) return piece === '' ? null : <Fragment key={key}>{piece}</Fragment>
        if (piece === undefined) return null
        return i % 3 === 1 ? <Fragment key={key}>{props.parts?.[piece]}</Fragment> : <b key={key}>{piece}</b>
      })}
    </>
  )
}
