import { Fragment } from 'react'
import { siteName } from '../words/site-name.ts'

/** A site by its address, whole, kept apart from the direction of the text around it. */
export function Site({ origin }: { origin: string }) {
  return (
    <bdi className="origin" dir="ltr">
      {siteName(origin)
        .split('.')
        .map((part, i) => (
          // A long name breaks before a dot rather than within a word. The parts of a name never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: two parts may be the same word
          <Fragment key={i}>
            {i > 0 && <wbr />}
            {i > 0 && '.'}
            {part}
          </Fragment>
        ))}
    </bdi>
  )
}

/** A name that others chose, such as an issuer's. */
export function Name({ children }: { children: string }) {
  return <bdi>{children}</bdi>
}

/** The name that a site knows the person by, unbroken. */
export function Nickname({ children }: { children: string }) {
  return (
    <bdi className="nickname" dir="ltr">
      <b>{children}</b>
    </bdi>
  )
}
