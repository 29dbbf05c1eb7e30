import { expect, test } from 'vitest'
import { deviceKeysCommitment } from '../../src/protocol/device.ts'
import { FIELD_ORDER, type FieldElement, toField } from '../../src/protocol/field.ts'
import { holderCommitment, nullifier } from '../../src/protocol/holder.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { poseidonClaims, poseidonNode, poseidonTagged } from '../../src/protocol/poseidon.ts'
import { scopeOf } from '../../src/protocol/scope.ts'
import { loadCircuit } from './circuit.ts'
import { expectProvable } from './expectations.ts'
import { caseCredentialHash, caseIssuerLeaf, presentInputs } from './present-case.ts'
import { PARTIES, type Visit, visitsOf } from './visits.ts'

/*
 * What relying parties and an issuer that put together all they have can tell from public signals. That no two of ten
 * thousand holders' share a value is counted by `npm run attacks -- privacy`, over the same visits.
 */

test('the signals counted (scripts/attacks/privacy) are those that the circuits put out, and all others are the session’s', async () => {
  const [present, login] = await Promise.all([loadCircuit('present-v1'), loadCircuit('login-v1')])
  const sessions = new Map<number, Record<string, bigint>>()
  for (const { party, given, signals } of [0, 1, 252, 5000, 9999].flatMap(visitsOf)) {
    const { deviceTag, ...presented } = signals
    const seen = present.publicSignals(await expectProvable(present, presentInputs(given)))
    expect(seen).toMatchObject(presented)
    const others = Object.fromEntries(Object.entries(seen).filter(([name]) => !Object.hasOwn(presented, name)))
    expect(others).toEqual(sessions.get(party) ?? others)
    sessions.set(party, others)

    const { context, scope, holderSecret, deviceSalt } = given
    const inputs = { context, scope, holderSecret, deviceSalt, deviceKey: given.deviceKeys[0] ?? 0n }
    expect(login.publicSignals(await expectProvable(login, inputs))).toEqual({
      nullifier: signals.nullifier,
      deviceTag,
      deviceCommitment: signals.deviceCommitment,
      context,
      scope,
    })
  }
  expect(sessions.size).toBe(PARTIES)
})

test('no signal can be computed from what issuer and relying party know', () => {
  for (const visit of [...visitsOf(0), ...visitsOf(1)].slice(3, 5)) {
    const { walletNonce, ...secretive } = visit.signals
    const found = [...guesses(visit)].filter((guess) => Object.values(secretive).includes(guess))
    expect(found).toEqual([])
  }
})

test('with the secret all but the commitment would be found, with its salt that too', () => {
  const [visit] = visitsOf(0)
  if (!visit) throw new Error('a holder has visits')
  const { walletNonce, deviceCommitment, ...keyed } = visit.signals
  const withSecret = new Set(guesses(visit, [toField(visit.given.holderSecret)]))
  expect(Object.entries(keyed).filter(([, value]) => !withSecret.has(value))).toEqual([])
  expect(withSecret.has(deviceCommitment)).toBe(false)
  expect(new Set(guesses(visit, [visit.given.deviceSalt])).has(deviceCommitment)).toBe(true)
})

/**
 * Every hash, under every tag and with every number of inputs in use, that can be made from what the issuer has of this
 * holder (its device keys and their salt, all of the credential, its own tag for the holder) and the relying party of this
 * visit. Long hashes, whose inputs are fixed by the statement, count with those inputs only.
 */
function* guesses({ given, signals }: Visit, more: readonly FieldElement[] = []): Generator<FieldElement> {
  const { claims, holderSecret, holderBlinding, deviceKeys, deviceKeysSalt, context, scope } = given
  const issuerScope = scopeOf('issuer', parseOrigin('https://issuer.example'))
  const { issuerKey, signatureR8, signatureS } = presentInputs(given)
  const held = claims.map(toField)
  const session = [context, signals.walletNonce, scope]
  const numbers = [0, 1, 2, 3, 4, 5].map(toField)
  const known = distinct([
    ...[...numbers, ...session, ...more],
    ...[...issuerKey, ...signatureR8, toField(signatureS % FIELD_ORDER), given.schema],
    ...[given.presenceMask, given.validFrom, given.validUntil, given.issuedAt, given.revocationId].map(toField),
    ...[holderCommitment(toField(holderSecret), holderBlinding), caseCredentialHash(given), poseidonClaims(held)],
    ...[deviceKeysCommitment(deviceKeys.map(toField), deviceKeysSalt), deviceKeysSalt, toField(deviceKeys[0] ?? 0n)],
    ...[caseIssuerLeaf(given), issuerScope, nullifier('issuer', toField(holderSecret), issuerScope)],
    ...held.slice(6, 8),
  ])
  yield* known
  for (const x of known) {
    for (const y of known) {
      for (const tag of ['HC', 'CQ', 'DEV', 'GM', 'GAP'] as const) yield poseidonTagged(tag, [x, y])
      yield poseidonTagged('DT', [x, y, scope])
      yield poseidonTagged('CL', [x, y, context, signals.walletNonce])
    }
    for (const kind of numbers) yield poseidonTagged('NUL', [kind, x, scope])
    for (const a of session) {
      for (const b of session) {
        for (const tag of ['NUL', 'LINK', 'DT'] as const) {
          for (const inputs of [
            [x, a, b],
            [a, x, b],
            [a, b, x],
          ])
            yield poseidonTagged(tag, inputs)
        }
      }
    }
    yield poseidonNode([x, ...session])
    yield poseidonTagged('KEYS', [x, toField(0), toField(0), toField(0)])
    yield poseidonTagged('KEYS', [x, ...session])
  }
}

function distinct(values: readonly FieldElement[]): FieldElement[] {
  return [...new Set(values)]
}
