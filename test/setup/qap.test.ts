import { describe, expect, test } from 'vitest'
import { domainSize, evaluateQap, lagrangeAt } from '../../src/setup/qap.ts'
import { type R1cs, readR1cs, type SparseMatrix } from '../../src/setup/r1cs.ts'
import { rootOfUnity, scalarField } from '../../src/setup/scalar-field.ts'
import { encodeR1cs, productCircuit, productWitness } from './r1cs-file.ts'

const TAU = 0x1234567890abcdef1234567890abcdefn

describe('rootOfUnity', () => {
  test('is of the order it says', () => {
    for (const log of [1, 5, 28]) {
      const root = rootOfUnity(log)
      expect(scalarField.pow(root, 2n ** BigInt(log))).toBe(1n)
      expect(scalarField.pow(root, 2n ** BigInt(log - 1))).toBe(scalarField.neg(1n))
    }
    expect(() => rootOfUnity(29)).toThrow(RangeError)
  })
})

describe('lagrangeAt', () => {
  test('evaluates every polynomial of a lower degree than the domain', () => {
    const weights = lagrangeAt(TAU, 4)
    for (const degree of [0n, 1n, 7n, 15n]) {
      const values = weights.map((_, index) => scalarField.pow(rootOfUnity(4), BigInt(index) * degree))
      expect(dot(values, weights)).toBe(scalarField.pow(TAU, degree))
    }
  })

  test('refuses a point of the domain', () => {
    expect(() => lagrangeAt(rootOfUnity(4), 4)).toThrowError(expect.objectContaining({ code: 'tau_in_domain' }))
    expect(() => lagrangeAt(rootOfUnity(5), 4)).not.toThrow()
  })
})

describe('domainSize', () => {
  test.each([
    [0, 4],
    [1, 8],
    [4, 8],
    [5, 16],
  ])('leaves room for the constant and the public signals: %i links, %i points', (links, points) => {
    // Two constraints, `links` more, one public signal and the constant.
    expect(domainSize(readR1cs(encodeR1cs(productCircuit(links))))).toBe(points)
  })

  test('refuses a circuit without constraints', () => {
    const r1cs = readR1cs(encodeR1cs({ ...productCircuit(0), constraints: [] }))
    expect(() => domainSize(r1cs)).toThrowError(expect.objectContaining({ code: 'r1cs_malformed' }))
  })
})

describe('evaluateQap', () => {
  const links = 5
  const r1cs = readR1cs(encodeR1cs(productCircuit(links)))
  const qap = evaluateQap(r1cs, TAU)

  test('A·B − C at τ is what the odd points of the quotient weigh up to, for a witness that satisfies', () => {
    const witness = productWitness(links, 11n, 13n)
    expect(scalarField.sub(productAt(witness), dot(qap.c, witness))).toBe(oddSum(witness))
  })

  test('and is not for a witness that violates one constraint', () => {
    const witness = productWitness(links, 11n, 13n)
    witness[6] = scalarField.add(witness[6] ?? 0n, 1n)
    expect(scalarField.sub(productAt(witness), dot(qap.c, witness))).not.toBe(oddSum(witness))
  })

  test('the public signals have A polynomials of their own', () => {
    // Wire 1 is in no row of A but its own extra one.
    expect(qap.a[1]).toBe(lagrangeAt(TAU, 4)[r1cs.rows + 1])
  })

  function productAt(witness: readonly bigint[]): bigint {
    return scalarField.mul(dot(qap.a, witness), dot(qap.b, witness))
  }

  /** Σ (A·B − C)(ω^{2i+1}) · h_i with the three polynomials interpolated from the rows' values. */
  function oddSum(witness: readonly bigint[]): bigint {
    const rows = (matrix: SparseMatrix): bigint[] => rowValues(matrix, r1cs, witness, qap.domain)
    const a = rows(r1cs.a)
    a[r1cs.rows] = 1n
    a[r1cs.rows + 1] = witness[1] ?? 0n
    const [b, c] = [rows(r1cs.b), rows(r1cs.c)]
    const values = qap.h.map((_, index) => {
      const point = scalarField.pow(rootOfUnity(5), BigInt(2 * index + 1))
      const weights = lagrangeAt(point, 4)
      return scalarField.sub(scalarField.mul(dot(a, weights), dot(b, weights)), dot(c, weights))
    })
    return dot(values, qap.h)
  }
})

function rowValues(matrix: SparseMatrix, r1cs: R1cs, witness: readonly bigint[], domain: number): bigint[] {
  const values = new Array<bigint>(domain).fill(0n)
  for (let row = 0; row < r1cs.rows; row++) {
    for (let entry = matrix.starts[row] ?? 0; entry < (matrix.starts[row + 1] ?? 0); entry++) {
      const term = (matrix.coefficients[entry] ?? 0n) * (witness[matrix.wires[entry] ?? 0] ?? 0n)
      values[row] = scalarField.create((values[row] ?? 0n) + term)
    }
  }
  return values
}

function dot(left: readonly bigint[], right: readonly bigint[]): bigint {
  return scalarField.create(left.reduce((sum, value, index) => sum + value * (right[index] ?? 0n), 0n))
}
