import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureKeySet, type KeySet } from '../../scripts/keys.ts'
import { createNodeProver } from '../../src/prover/node.ts'
import type { ProveProgress } from '../../src/prover/prove.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import { acceptedInputs, ISSUE_INPUTS } from './inputs.ts'
import { verifyWithSnarkjs } from './snarkjs-verify.ts'

let keySet: KeySet
let prover: WorkerProver

beforeAll(async () => {
  keySet = await ensureKeySet({ origin: 'development' })
  prover = proverFor(dirname(keySet.directory))
}, 300_000)

afterAll(() => prover.close())

function proverFor(base: string): WorkerProver {
  return createNodeProver({ location: { base, keySetHash: keySet.hash } })
}

describe('createNodeProver', () => {
  test('proves, through its phases, what snarkjs accepts', async () => {
    const phases: ProveProgress[] = []
    const { proof, publicSignals } = await prover.prove('issue-v1', ISSUE_INPUTS, {
      onProgress: (progress) => phases.push(progress),
    })
    expect(phases).toEqual([{ phase: 'load' }, { phase: 'witness' }, { phase: 'prove' }])
    expect(proof).toHaveLength(128)
    expect(publicSignals).toHaveLength(4)
    expect(publicSignals.slice(2)).toEqual([ISSUE_INPUTS.context, ISSUE_INPUTS.issuerScope])
    expect(await verify(proof, publicSignals)).toBe(true)
    expect(await verify(proof, [...publicSignals.slice(0, 3), ISSUE_INPUTS.issuerScope + 1n])).toBe(false)
  })

  test('proves the same statement differently each time, and faster the second', async () => {
    const onProgress: ProveProgress[] = []
    const first = await prover.prove('issue-v1', ISSUE_INPUTS)
    const second = await prover.prove('issue-v1', ISSUE_INPUTS, { onProgress: (progress) => onProgress.push(progress) })
    expect(second.publicSignals).toEqual(first.publicSignals)
    expect(second.proof).not.toEqual(first.proof)
    expect(onProgress).toEqual([{ phase: 'witness' }, { phase: 'prove' }])
  })

  test('refuses inputs that do not satisfy the statement, and goes on', async () => {
    await expect(prover.prove('issue-v1', { ...ISSUE_INPUTS, holderSecret: 0n })).rejects.toThrowError(
      expect.objectContaining({ code: 'witness_unsatisfied' }),
    )
    await expect(prover.prove('issue-v1', ISSUE_INPUTS)).resolves.toBeDefined()
  })

  test('stops within 100 ms while it proves, and proves again afterwards', async () => {
    const controller = new AbortController()
    let stoppedAt = 0
    const proving = prover.prove('issue-v1', ISSUE_INPUTS, {
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'prove') return
        stoppedAt = performance.now()
        controller.abort()
      },
    })
    await expect(proving).rejects.toThrowError(expect.objectContaining({ name: 'AbortError' }))
    expect(stoppedAt).toBeGreaterThan(0)
    expect(performance.now() - stoppedAt).toBeLessThan(100)
    await expect(prover.prove('issue-v1', ISSUE_INPUTS)).resolves.toBeDefined()
  })

  test.each(['issue-v1.zkey', 'issue-v1.wasm'])('refuses a flipped byte in %s', async (file) => {
    const folder = await mkdtemp(join(tmpdir(), 'touchstone-prover-'))
    await cp(keySet.directory, join(folder, keySet.hash), { recursive: true })
    const path = join(folder, keySet.hash, file)
    const bytes = await readFile(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    await writeFile(path, bytes)
    const tampered = proverFor(folder)
    await expect(tampered.prove('issue-v1', ISSUE_INPUTS)).rejects.toThrowError(
      expect.objectContaining({ code: 'artefact_corrupt' }),
    )
    tampered.close()
    await rm(folder, { recursive: true })
  })

  test('prepared, begins a proof with its witness', async () => {
    const prepared = proverFor(dirname(keySet.directory))
    const [loading, proving]: [ProveProgress[], ProveProgress[]] = [[], []]
    await prepared.prepare('issue-v1', { onProgress: (progress) => loading.push(progress) })
    expect(loading).toEqual([{ phase: 'load' }])
    await prepared.prove('issue-v1', ISSUE_INPUTS, { onProgress: (progress) => proving.push(progress) })
    expect(proving).toEqual([{ phase: 'witness' }, { phase: 'prove' }])
    prepared.close()
  })

  test.each([1, 2, 3])('with %d workers proves every time', async (workers) => {
    const crew = createNodeProver({ location: { base: dirname(keySet.directory), keySetHash: keySet.hash }, workers })
    for (const circuit of ['issue-v1', 'login-v1', 'issue-v1'] as const) {
      const { proof, publicSignals } = await crew.prove(circuit, acceptedInputs()[circuit])
      expect(await verify(proof, publicSignals, circuit)).toBe(true)
    }
    crew.close()
  })

  test('idle workers do not keep the process', async () => {
    const program = `
      import { createNodeProver } from ${JSON.stringify(new URL('../../src/prover/node.ts', import.meta.url))}
      const location = ${JSON.stringify({ base: dirname(keySet.directory), keySetHash: keySet.hash })}
      const prover = createNodeProver({ location, workers: 2, idleMilliseconds: 600_000 })
      await prover.prepare('issue-v1')
      console.log('prepared')`
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { timeout: 20_000 })
    expect((await run).stdout).toBe('prepared\n')
  })

  test('gives the verification key', async () => {
    const file = await readFile(join(keySet.directory, 'issue-v1.vkey.json'), 'utf8')
    expect(await prover.verificationKey('issue-v1')).toEqual(JSON.parse(file))
  })
})

function verify(proof: Uint8Array, publicSignals: readonly bigint[], circuit = 'issue-v1'): Promise<boolean> {
  return verifyWithSnarkjs(join(keySet.directory, `${circuit}.vkey.json`), proof, publicSignals)
}
