import { useEffect } from 'react'
import { useWallet } from './shell.ts'

/** At most one note in this many milliseconds. */
const EVERY = 5_000

/** Tells the wallet that the person does something, so that it does not lock under their hands. */
export function useActivityNotes(): void {
  const wallet = useWallet()
  useEffect(() => {
    let last = 0
    const note = (event: Event) => {
      if (!event.isTrusted || event.timeStamp - last < EVERY) return
      last = event.timeStamp
      wallet.noteActivity()
    }
    const kinds = ['pointerdown', 'keydown', 'scroll'] as const
    for (const kind of kinds) window.addEventListener(kind, note, { passive: true, capture: true })
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, note, { capture: true })
    }
  }, [wallet])
}
