import { FIELD_ORDER, type FieldElement, randomField, toField } from '../../../src/protocol/field.ts'
import type { Answer, Presentation } from '../../../src/protocol/presentation.ts'

/** A change of one field, and the code by which it must be refused. */
export type Swap<T> = { readonly name: string; readonly code: string; readonly change: (value: T, other: T) => T }

type LoginAnswer = Extract<Answer, { circuit: 'login-v1' }>
type PresentAnswer = Extract<Answer, { circuit: 'present-v1' }>

/** What a field is given instead: one more, nothing, something random, and what another presentation has there. */
const REPLACEMENTS: Readonly<Record<string, (value: FieldElement, other: FieldElement) => FieldElement>> = {
  'one more': (value) => toField((value + 1n) % FIELD_ORDER),
  zero: () => toField(0),
  random: () => randomField(),
  'another presentation’s': (_, other) => other,
}

/**
 * Every field of a presentation that has a login and one credential of a single part: `other` is a presentation of
 * another person in another session.
 */
export const PRESENTATION_SWAPS: readonly Swap<Presentation>[] = [
  ...fieldSwaps('login', 'nullifier', 'nullifier_mismatch'),
  ...fieldSwaps('login', 'deviceTag', 'proof_invalid'),
  ...fieldSwaps('login', 'deviceCommitment', 'device_mismatch'),
  ...fieldSwaps('adult', 'nullifier', 'nullifier_mismatch'),
  ...fieldSwaps('adult', 'link', 'proof_invalid'),
  ...fieldSwaps('adult', 'credentialLink', 'proof_invalid'),
  ...fieldSwaps('adult', 'deviceCommitment', 'device_mismatch'),
  ...Object.entries(REPLACEMENTS).map(
    ([name, replace]): Swap<Presentation> => ({
      name: `walletNonce: ${name}`,
      code: 'proof_invalid',
      change: (value, other) => ({ ...value, walletNonce: replace(value.walletNonce, other.walletNonce) }),
    }),
  ),
  whole('session: another’s', 'session_mismatch', (value, other) => ({ ...value, session: other.session })),
  whole('session: none', 'session_mismatch', (value) => ({ ...value, session: 'A'.repeat(22) })),
  whole('keySet: another', 'key_set_mismatch', (value) => ({ ...value, keySet: 'A'.repeat(43) })),
  whole('epochs: none', 'epochs_mismatch', (value) => ({ ...value, epochs: [] })),
  whole('epochs: twice', 'epochs_mismatch', (value) => ({ ...value, epochs: [...value.epochs, ...value.epochs] })),
  whole('epochs: the next', 'status_epoch_unknown', (value) => ({
    ...value,
    epochs: value.epochs.map((each) => ({ ...each, epoch: each.epoch + 1 })),
  })),
  answers('login: another person’s whole answer', 'device_mismatch', ([, adult], [login]) => [login, adult]),
  answers('adult: another person’s whole answer', 'device_mismatch', ([login], [, adult]) => [login, adult]),
  whole('answers: another presentation’s, both', 'proof_invalid', (value, other) => ({
    ...value,
    answers: other.answers,
  })),
  answers('login: gone', 'query_unanswered', ([, adult]) => [adult]),
  answers('adult: gone', 'query_unanswered', ([login]) => [login]),
  answers('login: twice', 'item_repeated', ([login, adult]) => [login, adult, login]),
  answers('login: the other’s item', 'circuit_mismatch', ([login, adult]) => [{ ...login, item: 'adult' }, adult]),
  answers('adult: the other’s item', 'item_repeated', ([login, adult]) => [login, { ...adult, item: 'login' }]),
  answers('adult: an item never asked for', 'item_unknown', ([login, adult]) => [login, { ...adult, item: 'minor' }]),
  answers('adult: part', 'part_unknown', ([login, adult]) => [login, { ...adult, part: 1 }]),
  answers('adult: disclosed', 'disclosure_mismatch', ([login, adult]) => [
    login,
    { ...adult, disclosed: { nationality: 'FI' } },
  ]),
  answers('login: proof of another presentation', 'proof_invalid', ([login, adult], [other]) => [
    { ...login, proof: other.proof },
    adult,
  ]),
  answers('adult: proof of another presentation', 'proof_invalid', ([login, adult], [, other]) => [
    login,
    { ...adult, proof: other.proof },
  ]),
  answers('login: the other’s proof', 'proof_invalid', ([login, adult]) => [{ ...login, proof: adult.proof }, adult]),
  answers('adult: the other’s proof', 'proof_invalid', ([login, adult]) => [login, { ...adult, proof: login.proof }]),
]

function whole(name: string, code: string, change: Swap<Presentation>['change']): Swap<Presentation> {
  return { name, code, change }
}

type Pair = readonly [LoginAnswer, PresentAnswer]

function answers(
  name: string,
  code: string,
  change: (value: Pair, other: Pair) => readonly Answer[],
): Swap<Presentation> {
  return whole(name, code, (value, other) => ({ ...value, answers: change(pairOf(value), pairOf(other)) }))
}

function pairOf({ answers: [login, adult] }: Presentation): Pair {
  if (login?.circuit !== 'login-v1' || adult?.circuit !== 'present-v1')
    throw new Error('expected a login and a credential')
  return [login, adult]
}

function fieldSwaps(item: 'login' | 'adult', field: string, code: string): Swap<Presentation>[] {
  return Object.entries(REPLACEMENTS).map(([name, replace]) =>
    answers(`${item}.${field}: ${name}`, code, ([login, adult], others) => {
      const changed = (answer: Answer, other: Answer) =>
        // Both have the field, and it is a field element in both.
        ({ ...answer, [field]: replace(Reflect.get(answer, field), Reflect.get(other, field)) }) as Answer
      return item === 'login' ? [changed(login, others[0]), adult] : [login, changed(adult, others[1])]
    }),
  )
}

/** A signed request as JSON. */
export type RequestJson = Record<string, unknown>

/**
 * Every field of the signed request, as a forged or relayed request would have it: the wallet answers that one, and
 * session and key set of the answer are then those of the true request. Only the context in the proofs is another.
 */
export const REQUEST_SWAPS: readonly Swap<RequestJson>[] = [
  fromOrigin(() => 'https://evil.example'),
  fromOrigin((other) => String(other.iss)),
  swapped('iat', (value) => Number(value) - 1),
  swapped('exp', (value) => Number(value) + 1),
  swapped('exp', (value) => Number(value) - 1),
  swapped('nonce', (_, other) => other),
  swapped('nonce', () => 'A'.repeat(43)),
  swapped('session', (_, other) => other),
  swapped('keySet', () => 'A'.repeat(43)),
  swapped('today', (value) => Number(value) + 1),
  swapped('today', (value) => Number(value) - 1),
  swapped('responseUri', (value) => `${value}?`),
  swapped('returnUri', (value) => `${value}elsewhere`),
  swapped('purpose', () => 'To win a prize'),
  inQuery('a birth date later', (text) =>
    text.replace(/"value":"(\d{4})/, (_, year) => `"value":"${Number(year) + 1}`),
  ),
  inQuery('a birth date earlier', (text) =>
    text.replace(/"value":"(\d{4})/, (_, year) => `"value":"${Number(year) - 1}`),
  ),
  inQuery('another operator', (text) => text.replace('"$lte"', '"$gte"')),
  inQuery('another claim', (text) =>
    text.replace(
      /\{"op":"\$lte","claim":"birthDate","value":"[^"]*"\}/,
      '{"op":"$ne","claim":"residence","value":"DE"}',
    ),
  ),
  inQuery('no predicate', (text) => text.replace(/"predicates":\[[^\]]*\]/, '"predicates":[]')),
  inQuery('a longer status age', (text) => text.replace('"id":"adult"', '"id":"adult","notRevokedWithin":86401')),
]

function swapped(field: string, change: (value: unknown, other: unknown) => unknown): Swap<RequestJson> {
  return {
    name: `request.${field}`,
    code: 'proof_invalid',
    change: (value, other) => ({ ...value, [field]: change(value[field], other[field]) }),
  }
}

/** The origin, and with it the addresses, which must be on it. */
function fromOrigin(choose: (other: RequestJson) => string): Swap<RequestJson> {
  const change: Swap<RequestJson>['change'] = (value, other) => {
    const iss = choose(other)
    const moved = (uri: unknown) => iss + new URL(String(uri)).pathname
    return { ...value, iss, responseUri: moved(value.responseUri), returnUri: moved(value.returnUri) }
  }
  return { name: 'request.iss', code: 'proof_invalid', change }
}

function inQuery(name: string, change: (text: string) => string): Swap<RequestJson> {
  return {
    name: `request.query: ${name}`,
    code: 'proof_invalid',
    change: (value) => ({ ...value, query: JSON.parse(change(JSON.stringify(value.query))) }),
  }
}
