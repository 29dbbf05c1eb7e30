import { useEffect, useState } from 'react'

/** How long a question must have been visible before it can be agreed to, in milliseconds. */
export const SEEN_AFTER = 1000

/**
 * True once the page has been visible for {@link SEEN_AFTER} without a break. A page that is hidden or covered by
 * another tab starts over, so that nobody can be made to press what they have not seen.
 */
export function useSeen(): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
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
    }
  }, [])
  return seen
}
