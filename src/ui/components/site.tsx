import { siteName } from '../words/site-name.ts'

/** A site by its address, whole, kept apart from the direction of the text around it. */
export function Site({ origin }: { origin: string }) {
  return (
    <bdi className="origin" dir="ltr">
      {siteName(origin)}
    </bdi>
  )
}

/** A name that others chose: an issuer's, or the one that a site knows the person by. */
export function Name({ children, strong = false }: { children: string; strong?: boolean }) {
  return <bdi>{strong ? <b>{children}</b> : children}</bdi>
}
