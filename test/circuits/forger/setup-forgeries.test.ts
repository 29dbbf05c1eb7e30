import { expect, test } from 'vitest'
import { randomField } from '../../../src/protocol/field.ts'
import { PUBLIC_SIGNALS } from '../../../src/protocol/signals.ts'
import { loadVerificationKey } from '../../../src/verifier/verification-key.ts'
import { verifyProof } from '../../../src/verifier/verify-proof.ts'
import { makeTrapdoor, verificationKeyJson } from '../../fixtures/simulated-key-set.ts'
import { createNobleVerifier, readKeyPoints } from '../../verifier/noble-verifier.ts'
import { loadUnsafeKey } from '../../verifier/unsafe-key.ts'
import { trySetupForgeries } from './setup-forgeries.ts'
import { WEAKNESSES, weakened } from './setup-forgeries-weak.ts'

test.each(WEAKNESSES)('$name: a forgery verifies under that key, which does not load', async (weakness) => {
  const sound = verificationKeyJson(makeTrapdoor('login-v1'))
  const weak = weakened(sound, weakness)
  const points = readKeyPoints(weak)
  const key = await loadUnsafeKey(weak, 'login-v1')
  const signals = PUBLIC_SIGNALS['login-v1'].map(() => randomField())
  const forged = weakness.forge(points, createNobleVerifier(points).sumInputs(signals))
  expect(verifyProof(key, signals, forged)).toBe('VALID')
  expect(verifyProof(await loadVerificationKey(sound, { circuit: 'login-v1' }), signals, forged)).toBe('PROOF_INVALID')
  await expect(loadVerificationKey(weak, { circuit: 'login-v1' })).rejects.toThrow(
    expect.objectContaining({ code: 'key_unsafe' }),
  )
})

test('every attack on the keys of issue-v1 is refused', async () => {
  const { tried, rejected, failures } = await trySetupForgeries('issue-v1')
  expect(failures).toEqual([])
  expect(tried).toBeGreaterThan(100)
  expect(rejected).toBe(tried)
})
