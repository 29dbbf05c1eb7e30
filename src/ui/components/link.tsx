import type { ReactNode } from 'react'
import { useGo } from '../shell.ts'

/** A link inside the wallet. Opening it in another tab works as with any link. */
export function Link(props: {
  to: string
  className?: string
  current?: boolean
  label?: string | undefined
  children: ReactNode
}) {
  const go = useGo()
  return (
    <a
      className={props.className}
      href={props.to}
      aria-current={props.current ? 'page' : undefined}
      aria-label={props.label}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        go(props.to)
      }}
    >
      {props.children}
    </a>
  )
}
