import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomField } from '../../../src/protocol/field.ts'
import { keySetHash } from '../../../src/protocol/key-set.ts'
import type { CircuitId } from '../../../src/protocol/signals.ts'
import { createVerifierPool, type VerifierPool } from '../../../src/verifier/node/index.ts'
import type { ProofTask } from '../../../src/verifier/proof-verifier.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'

const simulated = makeSimulatedKeySet()
const hash = keySetHash(simulated.manifest)
const COUNTS: Partial<Record<CircuitId, number>> = { 'login-v1': 5, 'issue-v1': 4 }

function valid(circuit: CircuitId = 'login-v1'): ProofTask {
  const signals = Array.from({ length: COUNTS[circuit] ?? 0 }, () => randomField())
  return { keySet: hash, circuit, signals, proof: simulated.simulate(circuit, signals) }
}

describe('createVerifierPool', () => {
  let pool: VerifierPool
  beforeAll(async () => {
    pool = await createVerifierPool({ keySets: [simulated], workers: 2 })
  })
  afterAll(() => pool.close())

  it('gives the status of each proof, under load as alone', async () => {
    const item = valid()
    const items: ProofTask[] = [
      item,
      { ...item, proof: item.proof.subarray(1) },
      valid('issue-v1'),
      { ...item, signals: item.signals.slice(1) },
      { ...item, signals: valid().signals },
      // Not what the type says.
      { ...item, signals: item.signals.map(String) as unknown as ProofTask['signals'] },
      { ...item, signals: new Array(item.signals.length) },
      valid(),
    ]
    const expected = [
      'VALID',
      'PROOF_MALFORMED',
      'VALID',
      'SIGNALS_INVALID',
      'PROOF_INVALID',
      'SIGNALS_INVALID',
      'SIGNALS_INVALID',
      'VALID',
    ]
    for (const [index, each] of items.entries()) expect(await pool.verify(each)).toBe(expected[index])
    const many = Array.from({ length: 20 }, () => items).flat()
    const statuses = await Promise.all(many.map((each) => pool.verify(each)))
    expect(statuses).toEqual(many.map((_, index) => expected[index % items.length]))
  })

  it('leaves the event loop to others', async () => {
    const items = Array.from({ length: 60 }, () => valid())
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const statuses = await Promise.all(items.map((each) => pool.verify(each)))
    clearInterval(timer)
    expect(new Set(statuses)).toEqual(new Set(['VALID']))
    expect(turns).toBeGreaterThan(3)
  })

  it('knows only the key sets it was made with', async () => {
    expect(await codeOfAsync(pool.verify({ ...valid(), keySet: 'another' }))).toBe('verifier_key_set_unknown')
  })
})

describe('a pool that cannot be made', () => {
  it('says what is wrong with a key set, as loadKeySet does', async () => {
    const development = makeSimulatedKeySet('development')
    expect(await codeOfAsync(createVerifierPool({ keySets: [development] }))).toBe('key_set_development')
    const { 'login-v1': _, ...circuits } = simulated.manifest.circuits
    const manifest = { ...simulated.manifest, circuits }
    expect(await codeOfAsync(createVerifierPool({ keySets: [{ ...simulated, manifest }] }))).toBe('key_missing')
  })

  it('has numbers that are none', async () => {
    for (const option of ['workers', 'queueLimit', 'deadlineMilliseconds', 'batchSize']) {
      const made = createVerifierPool({ keySets: [], [option]: 0 })
      await expect(made).rejects.toThrow(new RangeError(`${option} must be a positive integer, not 0`))
    }
  })
})

it('an idle pool does not keep its process', async () => {
  const path = new URL('../../../src/verifier/node/index.ts', import.meta.url)
  const program = `const { createVerifierPool } = await import('${path}')
    await createVerifierPool({ keySets: [], workers: 1 })
    console.log('ready')`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  })
  expect(stdout).toBe('ready\n')
})
