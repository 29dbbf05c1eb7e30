import { type Claims, encodeClaim } from './claim.ts'
import { type FieldElement, toField } from './field.ts'
import { PREDICATE_SLOTS, type Predicate } from './predicate.ts'
import type { Schema } from './schema.ts'

/** The claims, out of these, that the `$sd` predicates of one proof disclose. */
export function disclosedClaims(predicates: readonly Predicate[], claims: Claims): Claims {
  return Object.fromEntries(
    predicates.flatMap(({ op, claim }) => {
      const value = op === '$sd' && Object.hasOwn(claims, claim) ? claims[claim] : undefined
      return value === undefined ? [] : [[claim, value]]
    }),
  )
}

/**
 * The four `disclosed` signals of one proof: the encoded claim in the place of each `$sd`, 0 elsewhere. Undefined unless
 * the claims are exactly those asked for: an extra one would be believed without proof. Throws as {@link encodeClaim}.
 */
export function disclosedSignals(
  schema: Schema,
  predicates: readonly Predicate[],
  claims: Claims,
): FieldElement[] | undefined {
  const asked = new Set(predicates.filter(({ op }) => op === '$sd').map(({ claim }) => claim))
  const given = Object.keys(claims)
  if (given.length !== asked.size || !given.every((name) => asked.has(name))) return undefined
  const places = Array.from({ length: PREDICATE_SLOTS }, () => toField(0))
  for (const [place, { op, claim: name }] of predicates.entries()) {
    if (op !== '$sd') continue
    const type = schema.claims.find((claim) => claim.name === name)?.type
    const value = claims[name]
    if (type === undefined || value === undefined) return undefined
    places[place] = encodeClaim(type, value)
  }
  return places
}
