import { type RefCallback, type RefObject, useEffect, useRef, useState } from 'react'

/** How long a question must have been visible before it can be agreed to, in milliseconds. */
export const SEEN_AFTER = 1000

/**
 * True once the page has been visible for {@link SEEN_AFTER} without a break, counted from when all that is to be read
 * had come into view (`isRead`). A page that is hidden or covered by another tab starts over, so that nobody can be made
 * to press what they have not seen.
 */
export function useSeen(isRead = true): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!isRead) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const watch = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'visible') timer = setTimeout(() => setSeen(true), SEEN_AFTER)
      else setSeen(false)
    }
    watch()
    document.addEventListener('visibilitychange', watch)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', watch)
      setSeen(false)
    }
  }, [isRead])
  return seen && isRead
}

/** How far a text has been read that may be longer than the window. */
export type ReadToEnd = {
  /** For the text's heading, which takes the focus when somebody reads on. */
  readonly start: RefObject<HTMLHeadingElement | null>
  /** For an element behind its last line. Another element is another text. */
  readonly end: RefCallback<Element>
  /** `below`: the end has not been in view yet; `unknown` until that is known. */
  readonly progress: 'unknown' | 'below' | 'read'
  /** Brings the text into view, or the next part of it, and gives its heading the focus. */
  readonly readOn: () => void
}

/** Watches whether the end of a text has been in view, and not merely under the answers. */
export function useReadToEnd(): ReadToEnd {
  const start = useRef<HTMLHeadingElement>(null)
  const [end, setEnd] = useState<Element | null>(null)
  const [known, setKnown] = useState<{ of: Element; isRead: boolean }>()
  useEffect(() => {
    if (end === null) return
    const margins = `0px 0px -${coveredHeight()}px`
    const observer = new IntersectionObserver(
      (entries) => {
        const isRead = entries.some(({ isIntersecting }) => isIntersecting)
        setKnown({ of: end, isRead })
        if (isRead) observer.disconnect()
      },
      { rootMargin: margins },
    )
    observer.observe(end)
    return () => observer.disconnect()
  }, [end])
  const readOn = () => {
    const heading = start.current
    if (heading === null) return
    heading.focus({ preventScroll: true })
    const { top } = heading.getBoundingClientRect()
    const height = window.innerHeight - coveredHeight()
    // From the heading on; once that is at the top, by half of what is in view.
    if (top > height / 4) heading.scrollIntoView({ block: 'start' })
    else window.scrollBy({ top: height / 2 })
  }
  const progress = known === undefined || known.of !== end ? 'unknown' : known.isRead ? 'read' : 'below'
  return { start, end: setEnd, progress, readOn }
}

/** What the answers cover of the window's lower edge, in pixels, as styles/base.css says it. */
function coveredHeight(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockEnd) || 0
}
