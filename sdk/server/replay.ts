import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson } from '../../src/protocol/digest.ts'
import { type Presentation, serializePresentation } from '../../src/protocol/presentation.ts'
import type { StoredSession } from './store/store.ts'

/** SHA-256 of a presentation as it was understood: however it was spelt, the same one has the same. */
export function digestOf(presentation: Presentation): Uint8Array {
  const json = canonicalJson(serializePresentation(presentation))
  return new Uint8Array(createHash('sha256').update(json).digest())
}

/**
 * The code of an accepted presentation: 32 bytes in base64url. Made anew from what is kept, so that a wallet whose
 * answer was lost can have it again, and the store still holds no code; nobody without the key can make it.
 */
export function codeOf(codeKey: Uint8Array, session: string, digest: Uint8Array): string {
  return createHmac('sha256', codeKey).update(session).update(new Uint8Array(1)).update(digest).digest('base64url')
}

/** Whether the session has accepted this very presentation. */
export function hasAccepted({ state, presentationDigest }: StoredSession, digest: Uint8Array): boolean {
  return state === 'DONE' && presentationDigest !== null && timingSafeEqual(presentationDigest, digest)
}

/** Does a piece of work once for all who ask for it while it is under way. */
export type Sharing<T> = (key: string, work: () => Promise<T>) => Promise<{ value: T; isFirst: boolean }>

export function createSharing<T>(): Sharing<T> {
  const underWay = new Map<string, Promise<T>>()
  return async (key, work) => {
    const present = underWay.get(key)
    if (present) return { value: await present, isFirst: false }
    const own = work()
    underWay.set(key, own)
    try {
      return { value: await own, isFirst: true }
    } finally {
      underWay.delete(key)
    }
  }
}
