import { expect, test } from 'vitest'
import { toDay } from '../../src/protocol/day.ts'
import { type FieldElement, toField } from '../../src/protocol/field.ts'
import type { Kind } from '../../src/protocol/scope.ts'
import {
  type CircuitId,
  groupSignals,
  issueSignals,
  loginSignals,
  PUBLIC_SIGNALS,
  presentSignals,
  publicInputs,
} from '../../src/protocol/signals.ts'

/** Each name has a value of its own; kind and days are what a circuit can take. */
const VALUES: Readonly<Record<string, FieldElement>> = {
  ...Object.fromEntries(
    [...new Set(Object.values(PUBLIC_SIGNALS).flat())].map((name, place) => [name, toField(1000 + place)]),
  ),
  kind: toField(3),
  today: toField(46_345),
  issuedBefore: toField(46_344),
}
const named = (name: string) => VALUES[name] ?? toField(0)
const vote: Kind = 'vote'

const shared = {
  nullifier: named('nullifier'),
  link: named('link'),
  deviceCommitment: named('deviceCommitment'),
  context: named('context'),
  walletNonce: named('walletNonce'),
  scope: named('scope'),
  kind: vote,
}

const BUILT: Readonly<Record<CircuitId, FieldElement[]>> = {
  'issue-v1': issueSignals({
    ...shared,
    holderCommitment: named('holderCommitment'),
    issuerTag: named('issuerTag'),
    issuerScope: named('issuerScope'),
  }),
  'login-v1': loginSignals({ ...shared, deviceTag: named('deviceTag') }),
  'group-v1': groupSignals({ ...shared, groupRoot: named('groupRoot') }),
  'present-v1': presentSignals({
    ...shared,
    credentialLink: named('credentialLink'),
    disclosed: [0, 1, 2, 3].map((place) => named(`disclosed[${place}]`)),
    today: toDay(46_345),
    issuedBefore: toDay(46_344),
    issuersRoot: named('issuersRoot'),
    queryHash: named('queryHash'),
  }),
}

const circuits = Object.keys(BUILT) as CircuitId[] // Object.keys forgets that the keys are a union.

test.each(circuits)('%s: the signals are built in the order of the compiled circuit', (circuit) =>
  expect(BUILT[circuit]).toEqual(PUBLIC_SIGNALS[circuit].map(named)),
)

test.each(circuits)('%s: a prover gets the inputs that follow the outputs, by name', (circuit) => {
  const inputs = publicInputs(circuit, BUILT[circuit])
  expect(inputs).toEqual(Object.fromEntries(Object.keys(inputs).map((name) => [name, named(name)])))
  expect(Object.keys(inputs)).toEqual(PUBLIC_SIGNALS[circuit].slice(-Object.keys(inputs).length))
  expect(inputs).toHaveProperty('context')
})
