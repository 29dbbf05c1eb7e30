import type { ZkeySections } from '../../src/proving-key/zkey-format.ts'

export type SmallKeyOptions = {
  wires?: number
  publicCount?: number
  domainLog?: number
  /** Which points are infinity. */
  infinite?: (section: 'a' | 'b1' | 'b2' | 'c' | 'h', index: number) => boolean
}

/**
 * A key whose points are no points but say where they stood: each is filled with bytes of its section and index, never
 * zero. For what only moves them.
 */
export function smallKey(options: SmallKeyOptions = {}): ZkeySections {
  const { wires = 20, publicCount = 3, domainLog = 3, infinite = () => false } = options
  const section = (name: 'a' | 'b1' | 'b2' | 'c' | 'h', count: number, pointBytes: number): Uint8Array => {
    const bytes = new Uint8Array(count * pointBytes)
    for (let index = 0; index < count; index++) {
      if (!infinite(name, index)) bytes.set(pointOf(name, index, pointBytes), index * pointBytes)
    }
    return bytes
  }
  const domain = 2 ** domainLog
  const single = new Uint8Array(128).fill(1)
  return {
    wires,
    publicCount,
    domain,
    domainLog,
    coefficients: new Uint8Array(),
    ic: new Uint8Array(64 * (publicCount + 1)),
    a: section('a', wires, 64),
    b1: section('b1', wires, 64),
    b2: section('b2', wires, 128),
    c: section('c', wires - publicCount - 1, 64),
    h: section('h', domain, 64),
    alpha1: single.subarray(64),
    beta1: single.subarray(64),
    delta1: single.subarray(64),
    beta2: single,
    gamma2: single,
    delta2: single,
    contributions: new Uint8Array(68),
    order: [],
  }
}

export function pointOf(section: string, index: number, pointBytes: number): Uint8Array {
  const point = new Uint8Array(pointBytes)
  // Zeros in front, as a coordinate may have them.
  point.set(new TextEncoder().encode(`${section} ${index}`), 8)
  return point
}

/** What a point of {@link smallKey} says. */
export function nameOf(point: Uint8Array): string {
  return new TextDecoder().decode(point.filter((byte) => byte !== 0))
}
