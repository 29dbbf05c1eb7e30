import { toBase64url } from '../../../src/protocol/bytes.ts'
import { fieldToBytes } from '../../../src/protocol/field.ts'
import type { Acceptance } from './store.ts'
import type { OnceOnlyKind } from './tables.ts'

/** A presentation that asks to be accepted, with the keys that it needs: all 32 bytes, canonical. */
export type Candidate = {
  readonly acceptance: Acceptance
  /** Names that may be accepted once, of each kind. */
  readonly names: readonly { readonly kind: OnceOnlyKind; readonly nullifier: Uint8Array; readonly key: string }[]
  /** Login names with the authenticator that came with each. */
  readonly logins: readonly { readonly nullifier: Uint8Array; readonly deviceTag: Uint8Array; readonly key: string }[]
  /** It needs one name twice, which can be had once. */
  readonly isRepeating: boolean
}

export function toCandidate(acceptance: Acceptance): Candidate {
  const names: Candidate['names'][number][] = []
  const logins: Candidate['logins'][number][] = []
  for (const answer of acceptance.answers) {
    // A credential's name is the login name again, without its authenticator: nothing is to be kept of it.
    if (answer.type === 'credential') continue
    const nullifier = fieldToBytes(answer.nullifier)
    if (answer.type === 'login') {
      logins.push({ nullifier, deviceTag: fieldToBytes(answer.deviceTag), key: toBase64url(nullifier) })
    } else {
      names.push({ kind: answer.type, nullifier, key: nameKey(answer.type, nullifier) })
    }
  }
  return { acceptance, names, logins, isRepeating: new Set(names.map(({ key }) => key)).size < names.length }
}

export function nameKey(kind: OnceOnlyKind, nullifier: Uint8Array): string {
  return `${kind} ${toBase64url(nullifier)}`
}

/** In the order in which all transactions lock them, so that two that need the same ones do not lock each other out. */
export function byKey<T extends { readonly key: string }>(items: readonly T[]): T[] {
  return [...items].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
}

/**
 * Those that can be written by one statement each: the first come, and those that need nothing of what it needs. Of the
 * others, `named` need a once-only name that one of `together` needs: if that one is accepted, they cannot be. The rest
 * (the same session, or a login name with another authenticator) has to wait.
 */
export function separate(candidates: readonly Candidate[]): {
  readonly together: readonly Candidate[]
  readonly named: readonly Candidate[]
} {
  const together: Candidate[] = []
  const named: Candidate[] = []
  const sessions = new Set<string>()
  const names = new Set<string>()
  const tags = new Map<string, string>()
  for (const candidate of candidates) {
    const { sessionId } = candidate.acceptance
    const logins = candidate.logins.map(({ key, deviceTag }) => ({ key, tag: toBase64url(deviceTag) }))
    if (candidate.names.some(({ key }) => names.has(key))) {
      named.push(candidate)
    } else if (!sessions.has(sessionId) && logins.every(({ key, tag }) => (tags.get(key) ?? tag) === tag)) {
      together.push(candidate)
      sessions.add(sessionId)
      for (const { key } of candidate.names) names.add(key)
      for (const { key, tag } of logins) tags.set(key, tag)
    }
  }
  return { together, named }
}
