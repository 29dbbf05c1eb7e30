import { expect, test } from 'vitest'
import { randomField } from '../../../src/protocol/field.ts'
import { PUBLIC_SIGNALS } from '../../../src/protocol/signals.ts'
import { preparePairingKey } from '../../../src/verifier/pairing-key.ts'
import { loadVerificationKey } from '../../../src/verifier/verification-key.ts'
import { verifyProof } from '../../../src/verifier/verify-proof.ts'
import { codeOf } from '../../expect-code.ts'
import { makeTrapdoor, verificationKeyJson } from '../../fixtures/simulated-key-set.ts'
import { trySetupForgeries } from './setup-forgeries.ts'
import { readKeyPoints, WEAKNESSES, weakened } from './setup-forgeries-weak.ts'

test.each(WEAKNESSES)('$name: a forgery verifies under that key, which does not load', (weakness) => {
  const sound = verificationKeyJson(makeTrapdoor('login-v1'))
  const weak = weakened(sound, weakness)
  const points = readKeyPoints(weak)
  const key = preparePairingKey({ circuit: 'login-v1', ...points })
  const signals = PUBLIC_SIGNALS['login-v1'].map(() => randomField())
  const forged = weakness.forge(points, key.sumInputs(signals))
  expect(verifyProof(key, signals, forged)).toBe('VALID')
  expect(verifyProof(loadVerificationKey(sound, { circuit: 'login-v1' }), signals, forged)).toBe('PROOF_INVALID')
  expect(codeOf(() => loadVerificationKey(weak, { circuit: 'login-v1' }))).toBe('key_unsafe')
})

test('every attack on the keys of issue-v1 is refused', async () => {
  const { tried, rejected, failures } = await trySetupForgeries('issue-v1')
  expect(failures).toEqual([])
  expect(tried).toBeGreaterThan(100)
  expect(rejected).toBe(tried)
})
