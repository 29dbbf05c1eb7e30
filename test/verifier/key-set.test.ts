import { describe, expect, it } from 'vitest'
import { keySetHash } from '../../src/protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { loadKeySet } from '../../src/verifier/key-set.ts'
import { makeSimulatedKeySet } from '../fixtures/simulated-key-set.ts'

const { manifest, files, readVerificationKey } = makeSimulatedKeySet()

async function codeOf(options: Partial<Parameters<typeof loadKeySet>[0]>): Promise<unknown> {
  return loadKeySet({ manifest, readVerificationKey, ...options }).then(
    () => 'loaded',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
}

function reading(change: (circuit: CircuitId) => Uint8Array) {
  return { readVerificationKey: async (circuit: CircuitId) => change(circuit) }
}

describe('loadKeySet', () => {
  it('loads every circuit, under the name of the manifest', async () => {
    const keySet = await loadKeySet({ manifest, readVerificationKey })
    expect(keySet.hash).toBe(keySetHash(manifest))
    for (const circuit of CIRCUIT_IDS) expect(keySet.keys[circuit].circuit).toBe(circuit)
  })

  it('refuses development keys unless they are allowed by name', async () => {
    const development = makeSimulatedKeySet('development')
    expect(await codeOf(development)).toBe('key_set_development')
    expect(await codeOf({ ...development, allowDevelopment: true })).toBe('loaded')
  })

  it('refuses a file that differs in one byte from the one listed', async () => {
    const flipped = (circuit: CircuitId) => files[circuit].map((byte, i) => (i === 40 ? byte ^ 1 : byte))
    expect(await codeOf(reading(flipped))).toBe('key_hash_mismatch')
  })

  it('refuses the key of another circuit', async () => {
    expect(await codeOf(reading(() => files['login-v1']))).toBe('key_hash_mismatch')
  })

  it('refuses a manifest without one of the circuits', async () => {
    const { 'present-v1': _, ...circuits } = manifest.circuits
    expect(await codeOf({ manifest: { ...manifest, circuits } })).toBe('key_missing')
  })

  it('gives on what reading throws', async () => {
    expect(
      await codeOf(
        reading(() => {
          throw Object.assign(new Error('gone'), { code: 'ENOENT' })
        }),
      ),
    ).toBe('ENOENT')
  })
})
