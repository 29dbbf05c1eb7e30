import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import {
  type KeyPoints,
  PairingKey,
  type ProofPoints,
  readProof,
  readProofs,
  verifyBatch,
  verifyOne,
} from '../../src/engine/pairing.ts'
import { Q, R } from '../../src/engine/parameters.ts'
import { decodeProof } from '../../src/protocol/proof.ts'
import { codeOf } from '../expect-code.ts'
import { seededValues } from './field-values.ts'
import {
  keyPoints,
  littleEndians,
  multiplyG1,
  multiplyG2,
  simulateProof,
  type Trapdoor,
  twistPoint,
  wireProof,
} from './pairing-points.ts'

const { Fr } = bn254.fields
const SEED = 7004n
const engine = await createEngine()

function makeTrapdoor(seed: bigint, signals: number): Trapdoor {
  const [alpha = 1n, beta = 1n, gamma = 1n, delta = 1n, ...inputs] = seededValues(seed, R, signals + 5)
  return { alpha, beta, gamma, delta, inputs }
}

const trapdoor = makeTrapdoor(SEED, 4)
const key = PairingKey.create(engine, keyPoints(trapdoor))
const signals = seededValues(SEED + 1n, R, 4)
const randomness = [SEED + 2n, SEED + 3n] as const
const wire = simulateProof(trapdoor, signals, randomness)

function read(bytes: Uint8Array): ProofPoints {
  const proof = readProof(engine, bytes)
  if (!proof) throw new Error('not a proof')
  return proof
}

function verify(values: readonly bigint[], bytes: Uint8Array = wire): boolean {
  return verifyOne(engine, key, littleEndians(...values), read(bytes))
}

/** Whether the protocol's decoder takes it, and B is in G2 by multiplication with r. */
function isProof(bytes: Uint8Array): boolean {
  try {
    const [[x0, x1], [y0, y1]] = decodeProof(bytes).b
    return bn254.G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } }).isTorsionFree()
  } catch {
    return false
  }
}

function changed(at: number, change: (byte: number) => number): Uint8Array {
  return wire.map((byte, index) => (index === at ? change(byte) : byte))
}

describe(`reading a proof (seed ${SEED})`, () => {
  /** One change each: every flag, every byte's lowest bit, coordinates not reduced. */
  const cases = [
    wire,
    ...[0, 32, 96].flatMap((at) => [0x00, 0x40, 0x80, 0xc0].map((flag) => changed(at, (byte) => (byte & 0x3f) | flag))),
    ...[31, 63, 95, 127, 5, 40, 70, 100].flatMap((at) => [1, 2, 4].map((bit) => changed(at, (byte) => byte ^ bit))),
    ...[0, 32, 64, 96].map((at) => unreduced(at)),
    changed(64, (byte) => byte | 0x80),
    changed(64, (byte) => byte | 0x40),
    wire.subarray(0, 127),
    Uint8Array.from([...wire, 0]),
    new Uint8Array(0),
    new Uint8Array(128),
    new Uint8Array(128).fill(0xff),
    new Uint8Array(128).fill(0x80),
  ]

  test('takes what the protocol takes and is in G2, and nothing else', () => {
    const expected = cases.map(isProof)
    expect(expected.filter(Boolean).length).toBeGreaterThan(8)
    expect(expected.filter((is) => !is).length).toBeGreaterThan(20)
    expect(cases.map((bytes) => readProof(engine, bytes) !== undefined)).toEqual(expected)
    expect(readProofs(engine, cases).map((proof) => proof !== undefined)).toEqual(expected)
  })

  test('read points are those that the encoding stands for, alone and in a batch', () => {
    for (const bytes of cases.filter(isProof)) {
      const { a, c } = decodeProof(bytes)
      expect(pointsOf(read(bytes))).toEqual([littleEndians(...a), littleEndians(...c)])
      expect(readProofs(engine, [bytes]).map((proof) => proof && pointsOf(proof))).toEqual([pointsOf(read(bytes))])
    }
  })

  test('the smaller y and the larger, by the part of i where there is one', () => {
    for (let scalar = 2n; scalar < 10n; scalar++) {
      for (const b of [multiplyG2(scalar), multiplyG2(R - scalar)]) {
        expect(isProof(wireProof(multiplyG1(scalar), b, multiplyG1(R - scalar)))).toBe(true)
        expect(readProof(engine, wireProof(multiplyG1(scalar), b, multiplyG1(R - scalar)))).toBeDefined()
      }
    }
  })

  test('B outside G2 is refused', () => {
    const outside = [1n, 2n, 3n, 4n, 5n].flatMap((c0) => twistPoint(c0, 0n) ?? [])
    expect(outside.length).toBeGreaterThan(0)
    for (const b of outside) {
      expect(readProof(engine, wireProof(multiplyG1(2n), b, multiplyG1(3n)))).toBeUndefined()
      expect(() => decodeProof(wireProof(multiplyG1(2n), b, multiplyG1(3n)))).not.toThrow()
    }
  })

  /** The coordinate at `at` plus q, where that fits below the flags; else the modulus itself. */
  function unreduced(at: number): Uint8Array {
    const bytes = wire.slice()
    const flags = at === 64 ? 0 : (bytes[at] ?? 0) & 0xc0
    const value = BigInt(`0x${Buffer.from(bytes.subarray(at, at + 32)).toString('hex')}`) & ((1n << 254n) - 1n)
    const other = value + Q < 1n << 254n ? value + Q : Q
    bytes.set(Buffer.from(other.toString(16).padStart(64, '0'), 'hex'), at)
    bytes[at] = (bytes[at] ?? 0) | flags
    return bytes
  }

  function pointsOf(proof: ProofPoints): Uint8Array[] {
    return engine.scoped(() => {
      const { a, c } = proof.put(engine)
      const bytes = engine.allocate(64)
      return [a, c].map((point) => {
        engine.call('fqToBytes', bytes, point)
        engine.call('fqToBytes', bytes + 32, point + 36)
        return engine.take(bytes, 64)
      })
    })
  }
})

describe('one proof', () => {
  test('holds for its signals', () => {
    expect(verify(signals)).toBe(true)
    expect(
      readProofs(engine, [wire]).map((proof) => proof && verifyOne(engine, key, littleEndians(...signals), proof)),
    ).toEqual([true])
  })

  test('does not hold for any other', () => {
    for (let index = 0; index < signals.length; index++) {
      for (const step of [1n, R - 1n]) {
        expect(verify(signals.map((value, at) => (at === index ? (value + step) % R : value)))).toBe(false)
      }
    }
    expect(verify([...signals].reverse())).toBe(false)
  })

  test('takes as many signals as the key has', () => {
    expect(verify(signals.slice(0, 3))).toBe(false)
    expect(verify([...signals, 0n])).toBe(false)
    expect(verifyOne(engine, key, littleEndians(...signals).subarray(1), read(wire))).toBe(false)
  })

  test('signals at the ends of their range, and of every digit', () => {
    const rows = [
      [0n, 0n, 0n, 0n],
      [1n, R - 1n, 2n ** 253n, R - 2n],
      [31n, 32n, 33n, 63n],
      [
        2n ** 252n + 2n ** 5n,
        (2n ** 252n - 1n) / 63n,
        ((2n ** 252n - 1n) / 63n) * 32n,
        ((2n ** 252n - 1n) / 63n) * 33n,
      ],
    ]
    for (const row of rows) expect(verify(row, simulateProof(trapdoor, row, randomness))).toBe(true)
  })

  test('a sum of signals that is infinity', () => {
    const [first = 0n, , , , last = 1n] = trapdoor.inputs
    const cancelling = [0n, 0n, 0n, Fr.neg(Fr.div(first, last))]
    expect(verify(cancelling, simulateProof(trapdoor, cancelling, randomness))).toBe(true)
    expect(verify(cancelling)).toBe(false)
  })

  test('parts swapped, negated or of another proof do not hold', () => {
    const other = simulateProof(trapdoor, signals, [5n, 6n])
    expect(verify(signals, other)).toBe(true)
    const swapped = Uint8Array.from([...wire.subarray(96), ...wire.subarray(32, 96), ...wire.subarray(0, 32)])
    expect(verify(signals, swapped)).toBe(false)
    for (const at of [0, 32, 96])
      expect(
        verify(
          signals,
          changed(at, (byte) => byte ^ 0x40),
        ),
      ).toBe(false)
    for (const [from, to] of [
      [0, 32],
      [32, 96],
      [96, 128],
    ] as const) {
      const mixed = wire.slice()
      mixed.set(other.subarray(from, to), from)
      expect(verify(signals, mixed)).toBe(false)
    }
  })

  test('A and B both negated hold: Groth16 is malleable', () => {
    const both = changed(0, (byte) => byte ^ 0x40).map((byte, index) => (index === 32 ? byte ^ 0x40 : byte))
    expect(verify(signals, both)).toBe(true)
  })
})

describe('a batch', () => {
  const keys = [
    { trapdoor, key },
    ...[1n, 7n].map((count) => {
      const other = makeTrapdoor(SEED + 50n + count, Number(count))
      return { trapdoor: other, key: PairingKey.create(engine, keyPoints(other)) }
    }),
  ]
  const wires = Array.from({ length: 9 }, (_, index) => {
    const owner = keys[index % keys.length] ?? { trapdoor, key }
    const values = seededValues(SEED + 100n + BigInt(index), R, owner.key.signalCount)
    const [a = 1n, b = 1n] = seededValues(SEED + 200n + BigInt(index), R, 2)
    return {
      key: owner.key,
      values,
      signals: littleEndians(...values),
      wire: simulateProof(owner.trapdoor, values, [a, b]),
    }
  })
  const together = readProofs(
    engine,
    wires.map(({ wire: bytes }) => bytes),
  )
  const items = wires.map(({ key: owner, signals: values, wire: bytes }, index) => {
    // Some read alone, some together: the two have lines of different forms.
    const proof = index % 2 === 0 ? read(bytes) : (together[index] ?? read(bytes))
    return { key: owner, signals: values, proof }
  })
  const weights = littleEndians(...seededValues(SEED + 300n, R, 9)).subarray(0, 9 * 16)

  test('of proofs that hold, under several keys', () => {
    expect(verifyBatch(engine, items, weights)).toBe(true)
    expect(verifyBatch(engine, items.slice(0, 1), weights.subarray(0, 16))).toBe(true)
    expect(verifyBatch(engine, [], new Uint8Array(0))).toBe(true)
    expect(verifyBatch(engine, [...items, ...items], Uint8Array.from([...weights, ...weights]))).toBe(true)
  })

  test('with weights at the ends of their range', () => {
    const extreme = [
      [1n, 0n],
      [0n, 1n],
      [1n, 1n],
      [2n ** 64n - 1n, 2n ** 64n - 1n],
      [2n ** 64n - 1n, 0n],
      [0n, 2n ** 63n],
    ]
    const bytes = new Uint8Array(new BigUint64Array(extreme.flat()).buffer)
    expect(verifyBatch(engine, items.slice(0, 6), bytes)).toBe(true)
  })

  test('does not hold when one proof does not', () => {
    for (const [index, item] of items.entries()) {
      const values = wires[index]?.values ?? []
      const wrong = littleEndians(...values.map((value, at) => (at === 0 ? (value + 1n) % R : value)))
      const batch = items.map((other) => (other === item ? { ...item, signals: wrong } : other))
      expect(verifyBatch(engine, batch, weights)).toBe(false)
    }
  })

  test('does not hold when two proofs under one key trade their signals', () => {
    const batch = items.map((item, index) => ({
      ...item,
      signals: items[index === 0 ? 3 : index === 3 ? 0 : index]?.signals ?? item.signals,
    }))
    expect(verifyBatch(engine, batch, weights)).toBe(false)
  })

  test('errors that cancel each other without weights are seen', () => {
    const pair = [1n, R - 1n].map((step) => {
      const { a, b, c } = decodeProof(wire)
      const moved = bn254.G1.Point.fromAffine({ x: c[0], y: c[1] }).add(multiplyG1(step))
      const [x, y] = b
      const pointB = bn254.G2.Point.fromAffine({ x: { c0: x[0], c1: x[1] }, y: { c0: y[0], c1: y[1] } })
      const bytes = wireProof(bn254.G1.Point.fromAffine({ x: a[0], y: a[1] }), pointB, moved)
      return { key, signals: littleEndians(...signals), proof: read(bytes) }
    })
    const same = new Uint8Array(32).fill(7)
    expect(verifyBatch(engine, pair, same)).toBe(true)
    expect(verifyBatch(engine, pair, weights.subarray(0, 32))).toBe(false)
  })

  test('refuses a weight of zero, and signals of another number', () => {
    const zero = weights.slice()
    zero.fill(0, 16, 32)
    expect(verifyBatch(engine, items, zero)).toBe(false)
    const short = items.map((item, index) => (index === 2 ? { ...item, signals: item.signals.subarray(32) } : item))
    expect(verifyBatch(engine, short, weights)).toBe(false)
    expect(codeOf(() => verifyBatch(engine, items, weights.subarray(1)))).toBe('weights_length')
  })
})

test('a key of another engine is a mistake of the caller; a proof goes from one to another', async () => {
  const other = await createEngine()
  const otherKey = PairingKey.create(other, keyPoints(trapdoor))
  const item = { key, signals: littleEndians(...signals), proof: read(wire) }
  expect(verifyOne(other, otherKey, item.signals, item.proof)).toBe(true)
  expect(() => verifyOne(other, key, item.signals, item.proof)).toThrow(TypeError)
  expect(() => verifyBatch(other, [item], new Uint8Array(16).fill(1))).toThrow(TypeError)
})

describe('keys', () => {
  const good = keyPoints(makeTrapdoor(SEED + 400n, 1))
  const code = (change: Partial<KeyPoints>) => codeOf(() => PairingKey.create(engine, { ...good, ...change }))
  const outside =
    [1n, 2n, 3n, 4n, 5n]
      .flatMap((c0) => twistPoint(c0, 0n) ?? [])
      .map((point) => {
        const { x, y } = point.toAffine()
        return littleEndians(x.c0, x.c1, y.c0, y.c1)
      })[0] ?? new Uint8Array(128)

  test('a key of good points is accepted', () => {
    expect(code({})).toBeUndefined()
  })

  test.each(['beta', 'gamma', 'delta'] as const)('%s must be a point of G2', (name) => {
    expect(code({ [name]: outside })).toBe('point_outside_group')
    expect(code({ [name]: new Uint8Array(128) })).toBe('point_infinite')
    expect(code({ [name]: good[name].map((byte, at) => (at === 64 ? byte ^ 1 : byte)) })).toBe('point_off_curve')
    expect(code({ [name]: good[name].map((byte, at) => (at === 127 ? 0xff : byte)) })).toBe('point_unreduced')
    expect(code({ [name]: good[name].subarray(1) })).toBe('point_length')
  })

  test('alpha and the inputs must be points of G1', () => {
    const [first = good.alpha, second = good.alpha] = good.inputs
    for (const place of [
      (point: Uint8Array) => ({ alpha: point }),
      (point: Uint8Array) => ({ inputs: [first, point] }),
    ]) {
      expect(code(place(second))).toBeUndefined()
      expect(code(place(new Uint8Array(64)))).toBe('point_infinite')
      expect(code(place(second.map((byte, at) => (at === 32 ? byte ^ 1 : byte))))).toBe('point_off_curve')
      expect(code(place(second.map((byte, at) => (at === 31 ? 0xff : byte))))).toBe('point_unreduced')
      expect(code(place(second.subarray(1)))).toBe('point_length')
    }
    expect(code({ inputs: [] })).toBe('key_inputs_missing')
  })

  test('points of IC may be equal or opposite', () => {
    const same: Trapdoor = { ...makeTrapdoor(SEED + 500n, 0), inputs: [9n, 9n, R - 9n, 18n] }
    const equalKey = PairingKey.create(engine, keyPoints(same))
    for (const row of [
      [1n, 1n, 1n],
      [0n, 3n, 1n],
      [R - 1n, 0n, 0n],
    ]) {
      const proof = read(simulateProof(same, row, randomness))
      expect(verifyOne(engine, equalKey, littleEndians(...row), proof)).toBe(true)
      expect(verifyOne(engine, equalKey, littleEndians(...row.map((value) => (value + 1n) % R)), proof)).toBe(false)
    }
  })
})
