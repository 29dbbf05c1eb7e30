import { FIELD_ORDER } from '../../src/protocol/field.ts'

/** Entries of a linear combination: wire, coefficient. */
export type Combination = readonly (readonly [wire: number, coefficient: bigint])[]

export type R1csFile = {
  wires: number
  outputs: number
  publicInputs: number
  privateInputs: number
  constraints: readonly (readonly [a: Combination, b: Combination, c: Combination])[]
  prime?: bigint
  version?: number
  /** Appended to the list of sections. */
  extraSection?: number
}

/**
 * x·y = p, p·(p + x) = q with x, y private and q public, then `links` more squarings. Wires: 1, q, x, y, p, the rest.
 */
export function productCircuit(links: number): R1csFile {
  const constraints: [Combination, Combination, Combination][] = [
    [[[2, 1n]], [[3, 1n]], [[4, 1n]]],
    [
      [[4, 1n]],
      [
        [2, 1n],
        [4, 1n],
      ],
      [[1, 1n]],
    ],
  ]
  for (let link = 0; link < links; link++) {
    const wire = 4 + link
    const shifted: Combination = [
      [0, 5n],
      [wire, FIELD_ORDER - 3n],
    ]
    constraints.push([shifted, [[wire, 7n]], [[wire + 1, 1n]]])
  }
  return { wires: 5 + links, outputs: 1, publicInputs: 0, privateInputs: 2, constraints }
}

/** A witness of {@link productCircuit}. */
export function productWitness(links: number, x: bigint, y: bigint): bigint[] {
  const mod = (value: bigint): bigint => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER
  const p = mod(x * y)
  const witness = [1n, mod(p * (p + x)), mod(x), mod(y), p]
  for (let link = 0; link < links; link++) {
    const last = witness.at(-1) ?? 0n
    witness.push(mod((5n - 3n * last) * 7n * last))
  }
  return witness
}

/** The bytes of an iden3 `.r1cs` file, version 1. */
export function encodeR1cs(file: R1csFile): Uint8Array<ArrayBuffer> {
  const header = [u32(32), u256(file.prime ?? FIELD_ORDER), u32(file.wires), u32(file.outputs), u32(file.publicInputs)]
  header.push(u32(file.privateInputs), u64(file.wires), u32(file.constraints.length))
  const rows = file.constraints.flatMap((row) =>
    row.flatMap((combination) => [
      u32(combination.length),
      ...combination.flatMap(([wire, coefficient]) => [u32(wire), u256(coefficient)]),
    ]),
  )
  const labels = Array.from({ length: file.wires }, (_, wire) => u64(wire))
  const sections: [number, Buffer][] = [
    [1, Buffer.concat(header)],
    [2, Buffer.concat(rows)],
    [3, Buffer.concat(labels)],
  ]
  if (file.extraSection !== undefined) sections.push([file.extraSection, Buffer.alloc(0)])
  const parts = [Buffer.from('r1cs'), u32(file.version ?? 1), u32(sections.length)]
  for (const [type, bytes] of sections) parts.push(u32(type), u64(bytes.length), bytes)
  return new Uint8Array(Buffer.concat(parts))
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function u256(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}
