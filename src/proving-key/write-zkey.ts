import { Q, R } from '../engine/parameters.ts'
import { ENTRY_BYTES, FIELD_BYTES, GROTH16, MAGIC, SECTION, VERSION, type ZkeySections } from './zkey-format.ts'

/** The bytes of a `.zkey` file with these contents, its sections in ascending order: {@link readZkey} backwards. */
export function writeZkey(key: Omit<ZkeySections, 'domainLog'>): Uint8Array<ArrayBuffer> {
  const sections: [number, readonly Uint8Array[]][] = [
    [SECTION.protocol, [u32(GROTH16)]],
    [SECTION.header, header(key)],
    [SECTION.ic, [key.ic]],
    [SECTION.coefficients, [u32(key.coefficients.length / ENTRY_BYTES), key.coefficients]],
    [SECTION.a, [key.a]],
    [SECTION.b1, [key.b1]],
    [SECTION.b2, [key.b2]],
    [SECTION.c, [key.c]],
    [SECTION.h, [key.h]],
    [SECTION.contributions, [key.contributions]],
  ]
  const parts = sections.flatMap(([number, content]) => [u32(number), u64(total(content)), ...content])
  const preamble = [Uint8Array.from(MAGIC, (letter) => letter.charCodeAt(0)), u32(VERSION), u32(sections.length)]
  return concatenate([...preamble, ...parts])
}

function header(key: Omit<ZkeySections, 'domainLog'>): Uint8Array[] {
  const fields = [u32(FIELD_BYTES), u256(Q), u32(FIELD_BYTES), u256(R)]
  const counts = [u32(key.wires), u32(key.publicCount), u32(key.domain)]
  return [...fields, ...counts, key.alpha1, key.beta1, key.beta2, key.gamma2, key.delta1, key.delta2]
}

function total(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(total(parts))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

function u256(value: bigint): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES)
  const view = new DataView(bytes.buffer)
  for (let word = 0; word < 4; word++)
    view.setBigUint64(8 * word, (value >> BigInt(64 * word)) & (2n ** 64n - 1n), true)
  return bytes
}
