import type { Day } from './day.ts'
import { ProtocolError } from './error.ts'
import type { FieldElement } from './field.ts'
import type { Origin } from './origin.ts'
import { type CompiledPredicate, compilePredicates, type Predicate, queryHash } from './predicate.ts'
import { actionOf, type CredentialItem, kindOf, partsOf } from './query.ts'
import { remembering } from './remembering.ts'
import type { Schema } from './schema.ts'
import { scopeOf } from './scope.ts'
import type { PresentSignals } from './signals.ts'

/** The public signals of present-v1 that the verifier computes, all but `walletNonce`, which the presentation names. */
export type PresentInputs = Omit<
  PresentSignals,
  'nullifier' | 'link' | 'credentialLink' | 'deviceCommitment' | 'disclosed'
>

/** What one proof of an item is asked. */
export type PresentQuestion = {
  readonly predicates: readonly Predicate[]
  readonly compiled: readonly CompiledPredicate[]
  readonly inputs: PresentInputs
}

/**
 * The one definition of what a proof answers: the wallet proves for these public inputs, the verifier checks against
 * them, and both have them from here. `origin` is the relying party's, from the browser or from the request that the
 * verifier made. Throws `part_unknown`, and as `compilePredicates` what no circuit can express.
 */
export function presentQuestion(facts: {
  readonly item: CredentialItem
  readonly part: number
  readonly schema: Schema
  readonly origin: Origin
  readonly today: Day
  readonly context: FieldElement
  readonly walletNonce: FieldElement
  readonly issuersRoot: FieldElement
}): PresentQuestion {
  const { item, part, schema, origin, today, context, walletNonce, issuersRoot } = facts
  const predicates = partsOf(item)[part]
  if (!predicates) throw new ProtocolError('part_unknown', `the item ${item.id} has no part ${part}`)
  const { compiled, hash } = askedOf(schema, predicates)
  const kind = kindOf(item)
  const inputs: PresentInputs = {
    context,
    walletNonce,
    today,
    issuedBefore: item.issuedBefore ?? today,
    issuersRoot,
    queryHash: hash,
    kind,
    scope: scopeOf(kind, origin, actionOf(item)),
  }
  return { predicates, compiled, inputs }
}

type Asked = { readonly compiled: readonly CompiledPredicate[]; readonly hash: FieldElement }

/** What is asked of the claims of a schema is the same in every session of a request and day; its hash takes 2 ms. */
const known = new WeakMap<Schema, ReturnType<typeof remembering<Asked>>>()

function askedOf(schema: Schema, predicates: readonly Predicate[]): Asked {
  const remembered = known.get(schema) ?? remembering<Asked>(64)
  known.set(schema, remembered)
  return remembered(JSON.stringify(predicates), () => {
    const compiled = compilePredicates(schema, predicates)
    return { compiled, hash: queryHash(schema, compiled) }
  })
}
