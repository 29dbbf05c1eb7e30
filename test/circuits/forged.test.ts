import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { modulo } from './constraint-system.ts'
import { expectBroken, expectProvable, withWires } from './expectations.ts'
import { acceptedCase, askedCase, day, NOOP, presentInputs, type Question, SLOTS } from './present-case.ts'

/*
 * Witnesses that no program would compute: an honest one in which some wires are replaced so that as much as possible
 * still fits, held against the constraints directly.
 */

let circuit: Circuit
let honest: readonly bigint[]
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
  honest = await expectProvable(circuit, presentInputs(acceptedCase()))
})

const BIRTH = acceptedCase().claims[Number(SLOTS.birthDate)] ?? 0n
/** The claim is one day above the range. */
const TOO_YOUNG: Question = { slot: SLOTS.birthDate, mode: 1n, negate: 0n, low: 0n, high: BIRTH - 1n }

describe('public signals', () => {
  test.each(PUBLIC_SIGNALS['present-v1'])('%s is bound', (name) => {
    const wire = circuit.wire(name)
    const value = honest[wire] ?? 0n
    for (const forged of [value + 1n, value - 1n, -value - 1n, value + 2n ** 253n]) {
      expectBroken(circuit, withWires(honest, new Map([[wire, modulo(forged)]])))
    }
  })
})

describe('bits that are not bits', () => {
  test('no decomposition allows a carry into a neighbour', () => {
    const pairs = neighbouringBits(circuit)
    expect(pairs.length).toBeGreaterThan(1500)
    const evaluated = circuit.system.evaluate(honest)
    for (const [low, high] of pairs) {
      const changes = new Map([
        [low, modulo((honest[low] ?? 0n) + 2n)],
        [high, modulo((honest[high] ?? 0n) - 1n)],
      ])
      const broken = circuit.system.brokenBy(evaluated, changes)
      expect(
        broken.some((row) => isAlone(circuit, row, low)),
        circuit.names[low],
      ).toBe(true)
    }
  })

  test("the signature hash's bits are those of the number below the field's order", async () => {
    const { witness, bits } = await witnessWithAlias()
    const hash = bits.reduce((sum, wire, index) => sum + ((witness[wire] ?? 0n) << BigInt(index)), 0n)
    const alias = hash + FIELD_ORDER
    expect(alias).toBeLessThan(2n ** 254n)
    const changes = new Map(bits.map((wire, index) => [wire, (alias >> BigInt(index)) & 1n]))
    const prefix = 'IssuerSignature.EdDSAPoseidonVerifier.h2bits.aliasCheck.compConstant'
    let sum = 0n
    for (let pair = 0; pair < 127; pair++) {
      const part = comparisonPart(pair, (alias >> BigInt(2 * pair)) & 1n, (alias >> BigInt(2 * pair + 1)) & 1n)
      changes.set(circuit.wire(`${prefix}.parts[${pair}]`), part)
      sum += part
    }
    for (const [wire, name] of circuit.names.entries()) {
      if (name.startsWith(`${prefix}.num2bits.out[`))
        changes.set(wire, (sum >> BigInt(name.slice(0, -1).split('[')[1] ?? '')) & 1n)
    }
    // All inside the comparison fits again, but for its verdict (bit 127 of the sum) that the bits exceed r − 1.
    expect((sum >> 127n) & 1n).toBe(1n)
    const verdict = circuit.system
      .violated(withWires(witness, changes))
      .filter((row) => circuit.system.wiresOf(row).some((wire) => circuit.names[wire]?.startsWith(prefix)))
    expect(verdict).toHaveLength(1)
  })
})

describe('a question that fails, answered with the inside of one that holds', () => {
  test.each([
    ['NOOP', NOOP],
    ['RANGE of another', { ...TOO_YOUNG, high: BIRTH }],
    ['EXISTS', { ...TOO_YOUNG, mode: 4n, low: 1n }],
    ['negated', { ...TOO_YOUNG, negate: 1n }],
    ['another slot', { ...TOO_YOUNG, slot: SLOTS.zero }],
  ])('%s', async (_, answered) => {
    expectBroken(circuit, await answeredBy(TOO_YOUNG, answered))
  })

  test('no mode at all', async () => {
    const forged = await answeredBy(TOO_YOUNG, NOOP)
    expectBroken(circuit, withWires(forged, new Map([[circuit.wire('Predicate[0].is[0]'), 0n]])))
  })

  test('the absence of another claim, or of no claim', async () => {
    const isAbsent: Question = { ...NOOP, slot: SLOTS.birthDate, mode: 4n }
    const forged = await answeredBy(isAbsent, { ...isAbsent, slot: SLOTS.absent })
    expectBroken(circuit, forged)
    const indicator = circuit.wire(`Predicate[0].SlotChoice.at[${SLOTS.absent}]`)
    expectBroken(circuit, withWires(forged, new Map([[indicator, 0n]])))
  })

  test('a side that is neither below nor above', async () => {
    const inside: Question = { slot: SLOTS.birthDate, mode: 1n, negate: 1n, low: BIRTH - 3n, high: BIRTH + 5n }
    const failing = await circuit.forge(presentInputs(askedCase(inside)))
    // outside = low − v − 1 + above·(2v − low − high); this value of `above` makes it 0, which has 64 bits.
    const above = modulo(divide(BIRTH - inside.low + 1n, 2n * BIRTH - inside.low - inside.high))
    const changes = new Map([[circuit.wire('Predicate[0].RangeCheck.above'), above]])
    const forged = withWires(failing, changes)
    expect(
      circuit.system
        .violated(forged)
        .some((row) => isAlone(circuit, row, circuit.wire('Predicate[0].RangeCheck.above'))),
    ).toBe(true)
  })
})

describe('dates', () => {
  test('an expired credential with the distance of a valid one', async () => {
    const expired = await circuit.forge(presentInputs(acceptedCase({ validUntil: day('2026-01-09') })))
    const changes = new Map<number, bigint>()
    for (const [wire, name] of circuit.names.entries()) {
      if (name.startsWith('DayWithin')) changes.set(wire, honest[wire] ?? 0n)
    }
    expectBroken(circuit, withWires(expired, changes))
  })
})

/** The witness of a failing question, with everything inside its Predicate from another question that holds. */
async function answeredBy(failing: Question, holding: Question): Promise<bigint[]> {
  const asked = await circuit.forge(presentInputs(askedCase(failing)))
  const other = await expectProvable(circuit, presentInputs(askedCase(holding)))
  return asked.map((value, wire) => (circuit.names[wire]?.startsWith('Predicate[0].') ? (other[wire] ?? 0n) : value))
}

/** A row about this wire and the constant only: that a bit is a bit. */
function isAlone({ system }: Circuit, row: number, wire: number): boolean {
  return system.wiresOf(row).every((other) => other === 0 || other === wire)
}

/** Wires of bits i and i + 1 of each decomposition, where both have a wire. */
function neighbouringBits({ names }: Circuit): [number, number][] {
  const pairs: [number, number][] = []
  for (let wire = 1; wire + 1 < names.length; wire++) {
    const low = bitName(names[wire])
    const high = bitName(names[wire + 1])
    if (low && high && low.decomposition === high.decomposition && high.index === low.index + 1)
      pairs.push([wire, wire + 1])
  }
  return pairs
}

function bitName(name = ''): { decomposition: string; index: number } | undefined {
  const match = /^(.*(?:(?:Num2Bits|num2bits|h2bits)\.out|compConstant\.in)|present)\[(\d+)\]$/.exec(name)
  return match?.[1] ? { decomposition: match[1], index: Number(match[2]) } : undefined
}

/** An honest witness whose signature hash h has a second decomposition: h + r < 2^254, as about a third of all have. */
async function witnessWithAlias(): Promise<{ witness: readonly bigint[]; bits: number[] }> {
  const bits = Array.from({ length: 254 }, (_, index) =>
    circuit.wire(`IssuerSignature.EdDSAPoseidonVerifier.h2bits.out[${index}]`),
  )
  for (let revocationId = 1n; ; revocationId++) {
    const witness = await expectProvable(circuit, presentInputs(acceptedCase({ revocationId })))
    const hash = bits.reduce((sum, wire, index) => sum + ((witness[wire] ?? 0n) << BigInt(index)), 0n)
    if (hash + FIELD_ORDER < 2n ** 254n) return { witness, bits }
  }
}

/** Part `pair` of circomlib's CompConstant for the constant r − 1. */
function comparisonPart(pair: number, low: bigint, high: bigint): bigint {
  const constant = FIELD_ORDER - 1n
  const [constantLow, constantHigh] = [(constant >> BigInt(2 * pair)) & 1n, (constant >> BigInt(2 * pair + 1)) & 1n]
  const a = 2n ** BigInt(pair)
  const b = 2n ** 128n - a
  const [mine, theirs] = [2n * high + low, 2n * constantHigh + constantLow]
  if (mine === theirs) return 0n
  return modulo(mine > theirs ? b : a)
}

function divide(numerator: bigint, denominator: bigint): bigint {
  let [result, base] = [modulo(numerator), modulo(denominator)]
  for (let exponent = FIELD_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = modulo(result * base)
    base = modulo(base * base)
  }
  return result
}
