import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ensureKeySet } from '../../scripts/keys.ts'
import { createEngine, type Engine } from '../../src/engine/load.ts'
import { compressPoints } from '../../src/engine/points.ts'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { artefactFile } from '../../src/protocol/key-set.ts'
import { encodeProof } from '../../src/protocol/proof.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { createGroth16Prover } from '../../src/prover/groth16-prover.ts'
import { HelperLink } from '../../src/prover/helper-link.ts'
import type { EngineProof } from '../../src/prover/proof-engine.ts'
import { serveHelper } from '../../src/prover/serve-helper.ts'
import { loadWitnessProgram } from '../../src/prover/witness.ts'
import { readZkey } from '../../src/proving-key/read-zkey.ts'
import { acceptedInputs } from './inputs.ts'
import { verifyWithSnarkjs } from './snarkjs-verify.ts'

/** Every engine that was created, for a look into its memory. */
const engines = vi.hoisted((): Engine[] => [])

vi.mock('../../src/engine/load.ts', async (original) => {
  const actual = await original<typeof import('../../src/engine/load.ts')>()
  const createEngine = async (): Promise<Engine> => {
    const engine = await actual.createEngine()
    engines.push(engine)
    return engine
  }
  return { ...actual, createEngine }
})

let folder: string
let issueKey: Uint8Array
let issueWitness: Uint8Array
const ports: MessagePort[] = []

beforeAll(async () => {
  folder = (await ensureKeySet({ origin: 'development' })).directory
  issueKey = await fileOf('issue-v1', 'zkey')
  issueWitness = await witnessOf('issue-v1')
}, 300_000)

beforeEach(() => {
  engines.length = 0
})

afterAll(() => {
  for (const port of ports) port.close()
})

async function fileOf(circuit: CircuitId, kind: 'zkey' | 'wasm'): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(folder, artefactFile(circuit, kind))))
}

async function witnessOf(circuit: CircuitId): Promise<Uint8Array> {
  const program = await loadWitnessProgram(await fileOf(circuit, 'wasm'))
  return program.calculate(acceptedInputs()[circuit])
}

/** Helpers of this thread, on channels as those of workers are. */
function startHelpers(count: number): HelperLink[] {
  return Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    serveHelper(port1)
    return new HelperLink(port2)
  })
}

function verify(circuit: CircuitId, { proof, publicSignals }: EngineProof): Promise<boolean> {
  return verifyWithSnarkjs(join(folder, artefactFile(circuit, 'verificationKey')), encodeProof(proof), publicSignals)
}

function withWire(witness: Uint8Array, wire: number, value: bigint): Uint8Array {
  const changed = Uint8Array.from(witness)
  for (let byte = 0; byte < 32; byte++) changed[32 * wire + byte] = Number((value >> BigInt(8 * byte)) & 0xffn)
  return changed
}

function wireAt(witness: Uint8Array, wire: number): bigint {
  return witness.subarray(32 * wire, 32 * wire + 32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

/** The key with its first coefficient set to 2^256 − 1. */
function withCoefficient(key: Uint8Array): Uint8Array {
  const { coefficients } = readZkey(key)
  const at = coefficients.byteOffset - key.byteOffset + 12
  return Uint8Array.from(key).fill(0xff, at, at + 32)
}

const failing = (code: string) => expect.objectContaining({ name: 'ProverError', code })

describe('createGroth16Prover', () => {
  test.each(CIRCUIT_IDS)('proves %s alone and with a helper, as snarkjs accepts', async (circuit) => {
    const [zkey, witness] = [await fileOf(circuit, 'zkey'), await witnessOf(circuit)]
    for (const helpers of [0, 1]) {
      const prover = await createGroth16Prover({ zkey, helpers: startHelpers(helpers) })
      expect(prover.wires).toBe(witness.length / 32)
      const made = await prover.prove(witness)
      expect(made.publicSignals).toEqual(made.publicSignals.map((_, index) => wireAt(witness, 1 + index)))
      expect(await verify(circuit, made)).toBe(true)
    }
  })

  test('over four workers, and two keys at a time', async () => {
    const helpers = startHelpers(3)
    const [first, second] = await Promise.all([
      createGroth16Prover({ zkey: issueKey, helpers }),
      createGroth16Prover({ zkey: await fileOf('login-v1', 'zkey'), helpers }),
    ])
    const loginWitness = await witnessOf('login-v1')
    const made = await Promise.all([first.prove(issueWitness), second.prove(loginWitness), first.prove(issueWitness)])
    expect(await verify('issue-v1', made[0])).toBe(true)
    expect(await verify('login-v1', made[1])).toBe(true)
    expect(await verify('issue-v1', made[2])).toBe(true)
  })

  test('needs nothing of the key’s bytes afterwards', async () => {
    const zkey = Uint8Array.from(issueKey)
    const prover = await createGroth16Prover({ zkey, helpers: startHelpers(1) })
    zkey.fill(0)
    expect(await verify('issue-v1', await prover.prove(issueWitness))).toBe(true)
  })

  test('blinds every proof anew: no point of two proofs of one witness is the same', async () => {
    const prover = await createGroth16Prover({ zkey: issueKey })
    const drawn = vi.spyOn(crypto, 'getRandomValues')
    const [first, second] = [await prover.prove(issueWitness), await prover.prove(issueWitness)]
    expect(drawn.mock.calls.length).toBeGreaterThanOrEqual(4)
    drawn.mockRestore()
    expect(first.publicSignals).toEqual(second.publicSignals)
    for (const point of ['a', 'b', 'c'] as const) expect(first.proof[point]).not.toEqual(second.proof[point])
  })

  test('a witness with any wire changed never yields a proof that verifies', async () => {
    const prover = await createGroth16Prover({ zkey: issueKey })
    const random = generator(20_261)
    const secret = Array.from({ length: 12 }, () => 1 + Math.floor(random() * (prover.wires - 1)))
    for (const wire of [1, 4, 5, ...secret]) {
      const changed = withWire(issueWitness, wire, (wireAt(issueWitness, wire) + 1n) % FIELD_ORDER)
      expect(await verify('issue-v1', await prover.prove(changed)), `wire ${wire}`).toBe(false)
    }
    expect(await verify('issue-v1', await prover.prove(issueWitness))).toBe(true)
  })

  test.each<[string, (witness: Uint8Array) => Uint8Array]>([
    ['a wire too few', (witness) => witness.subarray(32)],
    ['a wire too many', (witness) => Uint8Array.of(...witness, ...new Uint8Array(32))],
    ['half a wire too many', (witness) => Uint8Array.of(...witness, ...new Uint8Array(16))],
    ['a wire of r', (witness) => withWire(witness, 9, FIELD_ORDER)],
    ['another constant', (witness) => withWire(witness, 0, 2n)],
  ])('refuses with proof_failed a witness with %s', async (_, change) => {
    const prover = await createGroth16Prover({ zkey: issueKey })
    await expect(prover.prove(change(issueWitness))).rejects.toThrowError(failing('proof_failed'))
    await expect(prover.prove(issueWitness)).resolves.toBeDefined()
  })

  test.each<[string, (key: Uint8Array) => Uint8Array]>([
    ['is cut short', (key) => key.subarray(0, key.length - 1)],
    ['is longer', (key) => Buffer.concat([key, new Uint8Array(1)])],
    ['is of another protocol', (key) => key.with(24, 2)],
    ['is no zkey', () => new Uint8Array(100)],
    ['has a coefficient of r', withCoefficient],
  ])('refuses with proving_key_invalid a key that %s', async (_, change) => {
    await expect(createGroth16Prover({ zkey: change(issueKey) })).rejects.toThrowError(failing('proving_key_invalid'))
  })

  test('refuses with proving_key_invalid a key that there is no memory for, whatever part it is', async () => {
    const grow = WebAssembly.Memory.prototype.grow
    let failed = 0
    for (let allowed = 0, through = false; !through; allowed++) {
      let left = allowed
      vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(function (this: WebAssembly.Memory, pages) {
        if (left-- === 0) throw new RangeError('no memory')
        return grow.call(this, pages)
      })
      const creating = createGroth16Prover({ zkey: issueKey })
      through = await creating.then(
        () => true,
        (error: unknown) => {
          expect(error).toEqual(failing('proving_key_invalid'))
          failed++
          return false
        },
      )
      vi.restoreAllMocks()
    }
    expect(failed).toBeGreaterThan(1)
  })

  test('tells a helper that fails from a key that is wrong', async () => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    port1.onmessage = () => port1.postMessage({ type: 'failed', message: 'RangeError' })
    const creating = createGroth16Prover({ zkey: issueKey, helpers: [new HelperLink(port2)] })
    await expect(creating).rejects.toThrowError(failing('prover_crashed'))
  })
})

test('a message that cannot be read fails what it belongs to, and the next is answered', async () => {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  serveHelper(port1)
  const lead = new HelperLink(port2)
  const none = { count: 0, infinities: new Uint8Array(), compressed: new Uint8Array() }
  port2.postMessage = () => void port1.dispatchEvent(new MessageEvent('messageerror'))
  await expect(lead.decompress('g1', none)).rejects.toThrowError(failing('prover_crashed'))
  port2.postMessage = () => void port2.dispatchEvent(new MessageEvent('messageerror'))
  await expect(lead.decompress('g1', none)).rejects.toThrowError(failing('prover_crashed'))
  port2.postMessage = MessagePort.prototype.postMessage
  await expect(lead.decompress('g1', none)).resolves.toEqual(new Uint8Array())
})

test('a helper decompresses points, and says of what is none that it is none', async () => {
  const engine = await createEngine()
  const { a, b2 } = readZkey(issueKey)
  const [helper] = startHelpers(1)
  for (const [group, points] of [
    ['g1', a.slice(0, 64 * 100)],
    ['g2', b2.slice(0, 128 * 100)],
  ] as const) {
    const compressed = { count: 100, ...compressPoints(engine, group, points) }
    expect(await helper?.decompress(group, compressed)).toEqual(points)
    // Still the caller's.
    expect(compressed.compressed.length).toBeGreaterThan(0)
    compressed.compressed.fill(0xff)
    expect(await helper?.decompress(group, compressed)).toBeUndefined()
  }
})

describe('what a proof leaves behind', () => {
  test('no wire and no blinding stands in any engine’s memory, nor in a helper’s message', async () => {
    const prover = await createGroth16Prover({ zkey: issueKey, helpers: startHelpers(1) })
    const drawn: Uint8Array[] = []
    const copies: Uint8Array[] = []
    const original = crypto.getRandomValues.bind(crypto)
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      original(array)
      // drawScalar asks for bytes.
      const bytes = array as unknown as Uint8Array
      drawn.push(bytes)
      bytes[31] = (bytes[31] ?? 0) & 0x1f
      copies.push(Uint8Array.from(bytes))
      return array
    })
    await prover.prove(issueWitness)
    vi.restoreAllMocks()
    expect(engines.length).toBeGreaterThanOrEqual(2)
    // Long values only: short ones may stand anywhere by chance.
    const wires = Array.from({ length: prover.wires }, (_, wire) => issueWitness.subarray(32 * wire, 32 * wire + 32))
    const secrets = [...wires.filter((wire) => (wire[31] ?? 0) > 0).slice(-40), ...copies]
    expect(secrets.length).toBeGreaterThanOrEqual(42)
    for (const engine of engines) {
      const memory = Buffer.from(engine.view(0, engine.size))
      for (const secret of secrets) expect(memory.indexOf(secret)).toBe(-1)
    }
    expect(drawn.map((bytes) => bytes.every((byte) => byte === 0))).toEqual(drawn.map(() => true))
  })
})

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
