import { publicSignalCount, type R1cs, type SparseMatrix } from './r1cs.ts'
import { rootOfUnity, scalarField, TWO_ADICITY } from './scalar-field.ts'
import { SetupError } from './setup-error.ts'

/** The quadratic arithmetic program of a circuit, all its polynomials evaluated at one point τ. */
export type QapValues = {
  /** Points of the evaluation domain, a power of two. */
  domain: number
  /** A_w(τ), B_w(τ) and C_w(τ) for each wire w. */
  a: bigint[]
  b: bigint[]
  c: bigint[]
  /**
   * For each i, L_{2i+1}(τ) over the domain twice as large: what the quotient's value at that odd point weighs.
   * These polynomials vanish on the circuit's own domain, so any combination of them is a multiple of Z.
   */
  h: bigint[]
}

/**
 * Points of the domain a circuit is proved over: the least power of two that holds every constraint and one row more
 * for each public signal and for the constant. Throws `r1cs_malformed` for a circuit without constraints.
 */
export function domainSize(r1cs: R1cs): number {
  if (r1cs.rows === 0) throw new SetupError('r1cs_malformed', 'a circuit without constraints proves nothing')
  const rows = r1cs.rows + publicSignalCount(r1cs) + 1
  const log = Math.max(1, Math.ceil(Math.log2(rows)))
  if (log >= TWO_ADICITY) throw new SetupError('r1cs_too_large', `${rows} rows exceed the largest domain`)
  return 2 ** log
}

/**
 * Evaluates the QAP at `tau`. Row i of the constraint system is the domain's i-th point; after the constraints comes
 * one row w · 0 = 0 for the constant and each public signal, which makes the A polynomials of the public signals
 * linearly independent, so that no public signal can be traded for another.
 *
 * Throws `tau_in_domain` when `tau` is a point of the domain (as likely as guessing a key).
 */
export function evaluateQap(r1cs: R1cs, tau: bigint): QapValues {
  const domain = domainSize(r1cs)
  const log = Math.log2(domain)
  const double = lagrangeAt(tau, log + 1)
  const lagrange = lagrangeAt(tau, log)
  const a = combine(r1cs.a, r1cs, lagrange)
  for (let signal = 0; signal <= publicSignalCount(r1cs); signal++) {
    a[signal] = scalarField.add(at(a, signal), at(lagrange, r1cs.rows + signal))
  }
  return {
    domain,
    a,
    b: combine(r1cs.b, r1cs, lagrange),
    c: combine(r1cs.c, r1cs, lagrange),
    h: Array.from({ length: domain }, (_, index) => at(double, 2 * index + 1)),
  }
}

/** L_i(τ) = ωⁱ (τⁿ − 1) / (n (τ − ωⁱ)) for i = 0 … n − 1, n = 2^`log`; one inversion for all. */
export function lagrangeAt(tau: bigint, log: number): bigint[] {
  const n = 2 ** log
  const root = rootOfUnity(log)
  const vanishing = scalarField.sub(scalarField.pow(tau, BigInt(n)), 1n)
  if (vanishing === 0n) throw new SetupError('tau_in_domain', 'tau is a point of the evaluation domain')
  const points: bigint[] = []
  let point = 1n
  for (let index = 0; index < n; index++) {
    points.push(point)
    point = scalarField.mul(point, root)
  }
  const scale = scalarField.div(vanishing, BigInt(n))
  const inverses = scalarField.invertBatch(points.map((value) => scalarField.sub(tau, value)))
  return points.map((value, index) => scalarField.mul(scalarField.mul(value, scale), at(inverses, index)))
}

function combine(matrix: SparseMatrix, r1cs: R1cs, lagrange: readonly bigint[]): bigint[] {
  const sums = new Array<bigint>(r1cs.wires).fill(0n)
  for (let row = 0; row < r1cs.rows; row++) {
    const weight = at(lagrange, row)
    const end = matrix.starts[row + 1] ?? 0
    for (let entry = matrix.starts[row] ?? 0; entry < end; entry++) {
      const wire = matrix.wires[entry] ?? 0
      sums[wire] = at(sums, wire) + weight * at(matrix.coefficients, entry)
    }
  }
  return sums.map((sum) => scalarField.create(sum))
}

function at(values: readonly bigint[], index: number): bigint {
  const value = values[index]
  if (value === undefined) throw new RangeError(`index ${index} is out of range`)
  return value
}
