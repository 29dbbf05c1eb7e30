import { disclosedSignals } from '../protocol/disclosure.ts'
import { ProtocolError } from '../protocol/error.ts'
import type { FieldElement } from '../protocol/field.ts'
import { acceptedIssuers } from '../protocol/issuer-set.ts'
import { type PresentQuestion, presentQuestion } from '../protocol/present-question.ts'
import { type Schema, schemaHash } from '../protocol/schema.ts'
import { presentSignals } from '../protocol/signals.ts'
import type { AnsweredItem, PresentAnswer } from './answered-items.ts'
import { type ItemCheck, isRefusal, type ProofCheck, type Refusal } from './check.ts'
import { type IssuerState, readIssuerStates } from './issuer-states.ts'
import type { PresentationInput } from './presentation-input.ts'

/**
 * The public signals of the proofs that answer a credential item, a proof for each part, one credential behind them all.
 * The credential's own issuer is not among what they tell: only that it is one of those that the item names.
 *
 * Stops before each part: the root of a large set takes some 100 ms.
 */
export function* prepareCredentialAnswer(
  { item, answers }: Extract<AnsweredItem, { circuit: 'present-v1' }>,
  input: PresentationInput,
): Generator<undefined, ItemCheck | Refusal> {
  const states = readIssuerStates(item, input)
  if (isRefusal(states)) return states
  const schema = findSchema(
    states.flatMap(({ metadata }) => metadata.schemas),
    item.schema,
  )
  if (!schema) return { status: 'SCHEMA_UNKNOWN' }
  const issuersRoot = rootOrUndefined(states)
  if (issuersRoot === undefined) return { status: 'ISSUER_KEYS_TOO_MANY' }

  const { request, presentation, context } = input
  const { iss: origin, today } = request
  const { walletNonce } = presentation
  const proofs: ProofCheck[] = []
  for (const answer of answers) {
    yield
    const { part } = answer
    const question = presentQuestion({ item, part, schema, origin, today, context, walletNonce, issuersRoot })
    const check = prepareProof(answer, schema, question)
    if (!check) return { status: 'DISCLOSURE_MISMATCH' }
    proofs.push(check)
  }
  return {
    proofs,
    answer: {
      type: item.type,
      item: item.id,
      nullifier: answers[0].nullifier,
      issuers: states.map(({ metadata }) => metadata.origin),
      schema: item.schema,
      disclosed: Object.fromEntries(answers.flatMap(({ disclosed }) => Object.entries(disclosed))),
    },
  }
}

function findSchema(schemas: readonly Schema[], hash: string): Schema | undefined {
  return schemas.find((schema) => schemaHash(schema) === hash)
}

function rootOrUndefined(states: readonly IssuerState[]): FieldElement | undefined {
  try {
    return acceptedIssuers(states.map(({ epoch }) => epoch)).root
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'issuers_too_many') return undefined
    throw error
  }
}

/** Undefined where the disclosed claims are not exactly those asked for, each of its type. */
function prepareProof(answer: PresentAnswer, schema: Schema, question: PresentQuestion): ProofCheck | undefined {
  const { circuit, proof, nullifier, link, credentialLink, deviceCommitment } = answer
  const disclosed = signalsOrUndefined(() => disclosedSignals(schema, question.predicates, answer.disclosed))
  if (!disclosed) return undefined
  const outputs = { nullifier, link, credentialLink, deviceCommitment, disclosed }
  return { circuit, proof, signals: presentSignals({ ...outputs, ...question.inputs }) }
}

/** A value that is not of its claim's type is the prover's mistake, not the request's. */
function signalsOrUndefined(encode: () => FieldElement[] | undefined): FieldElement[] | undefined {
  try {
    return encode()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
