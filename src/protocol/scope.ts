import { canonicalJson, DIGEST_TAGS, digestToField } from './digest.ts'
import type { FieldElement } from './field.ts'
import type { Origin } from './origin.ts'
import { remembering } from './remembering.ts'

/**
 * Kinds of nullifier and their numbers in the circuits. `login` repeats by design; `action`, `vote` and `spend` are
 * once; `issuer` is the tag an issuer sees and no presentation can make.
 */
export const KINDS = { login: 1, action: 2, vote: 3, spend: 4, issuer: 5 } as const

/** A name of {@link KINDS}. */
export type Kind = keyof typeof KINDS

/**
 * scope = F(tag, JCS({ kind, origin, action })): where a nullifier is valid. `action` names a once-only act and is
 * empty for `login` and `issuer`.
 */
export function scopeOf(kind: Kind, origin: Origin, action = ''): FieldElement {
  return remembered(JSON.stringify([kind, origin, action]), () =>
    digestToField(DIGEST_TAGS.scope, canonicalJson({ action, kind, origin })),
  )
}

/** A site asks for few. */
const remembered = remembering<FieldElement>(64)
