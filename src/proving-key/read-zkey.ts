import { Q, R } from '../engine/parameters.ts'
import { ByteCursor } from './byte-cursor.ts'
import { ProvingKeyError } from './proving-key-error.ts'
import {
  CONTRIBUTIONS_BYTES,
  ENTRY_BYTES,
  FIELD_BYTES,
  G1_BYTES,
  G2_BYTES,
  GROTH16,
  HEADER_BYTES,
  MAGIC,
  SECTION,
  VERSION,
  type ZkeySections,
} from './zkey-format.ts'

/** Beyond any circuit that a 32-bit memory can prove; the same as of the key set-up. */
export const MAX_WIRES = 2 ** 24
export const MAX_ENTRIES = 2 ** 26
/** r − 1 is divisible by 2^28, and the quotient is computed over twice the domain. */
const MAX_DOMAIN_LOG = 27

/**
 * Reads a Groth16 `.zkey` over BN254, strictly: the ten sections in whatever order, each once, of exactly the length
 * that the header makes them, nothing besides. Copies nothing: the arrays are views of `bytes`. Rows and wires of the
 * coefficients are checked to exist; points are not looked at, see {@link checkPoints}, nor are contributions.
 *
 * Throws {@link ProvingKeyError} `zkey_malformed`, `zkey_protocol` (PLONK, fflonk), `zkey_curve` (BLS12-381 …) or
 * `zkey_too_large`.
 */
export function readZkey(bytes: Uint8Array): ZkeySections {
  const contents = readSections(bytes)
  const sections = (number: number): Uint8Array => {
    const section = contents.get(number)
    if (!section) throw malformed(`section ${number} is missing`)
    return section
  }
  checkProtocol(sections(SECTION.protocol))
  const header = readHeader(sections(SECTION.header))
  const { wires, publicCount, domain } = header
  const points = (number: number, count: number, bytesEach: number): Uint8Array => {
    const section = sections(number)
    const expected = count * bytesEach
    if (section.length !== expected) {
      throw malformed(`section ${number} has ${section.length} bytes, by the header ${expected}`)
    }
    return section
  }
  const contributions = sections(SECTION.contributions)
  if (contributions.length < CONTRIBUTIONS_BYTES) throw malformed('section 10 ends too early')
  return {
    ...header,
    ic: points(SECTION.ic, publicCount + 1, G1_BYTES),
    coefficients: readCoefficients(sections(SECTION.coefficients), { wires, domain }),
    a: points(SECTION.a, wires, G1_BYTES),
    b1: points(SECTION.b1, wires, G1_BYTES),
    b2: points(SECTION.b2, wires, G2_BYTES),
    c: points(SECTION.c, wires - publicCount - 1, G1_BYTES),
    h: points(SECTION.h, domain, G1_BYTES),
    contributions,
    order: [...contents.keys()],
  }
}

/** The content of each section by its number, in the file's order. */
function readSections(bytes: Uint8Array): Map<number, Uint8Array> {
  const file = cursor(bytes, 'the file')
  if (file.ascii(4) !== MAGIC) throw malformed(`the file does not begin with "${MAGIC}"`)
  const version = file.u32()
  if (version !== VERSION) throw malformed(`version ${version} is not known, only ${VERSION}`)
  const count = file.u32()
  const expected = Object.keys(SECTION).length
  if (count !== expected) throw malformed(`the file has ${count} sections, not ${expected}`)
  const sections = new Map<number, Uint8Array>()
  for (let index = 0; index < count; index++) {
    const number = file.u32()
    if (number < 1 || number > expected) throw malformed(`section ${number} is not known`)
    if (sections.has(number)) throw malformed(`section ${number} stands twice`)
    sections.set(number, file.take(file.length()))
  }
  file.end()
  return sections
}

/** Numbers of section 1 that other proof systems have. */
const OTHER_PROTOCOLS: Readonly<Record<number, string>> = { 2: 'PLONK', 10: 'fflonk' }

function checkProtocol(section: Uint8Array): void {
  const reader = cursor(section, 'section 1')
  const protocol = reader.u32()
  if (protocol !== GROTH16) {
    const name = OTHER_PROTOCOLS[protocol] ?? `protocol ${protocol}`
    throw new ProvingKeyError('zkey_protocol', `the key is for ${name}, not for Groth16`)
  }
  reader.end()
}

type Header = Omit<ZkeySections, 'ic' | 'coefficients' | 'a' | 'b1' | 'b2' | 'c' | 'h' | 'contributions' | 'order'>

function readHeader(section: Uint8Array): Header {
  const reader = cursor(section, 'section 2')
  checkField(reader, Q)
  checkField(reader, R)
  if (section.length !== HEADER_BYTES) throw malformed(`section 2 has ${section.length} bytes, not ${HEADER_BYTES}`)
  const wires = reader.u32()
  const publicCount = reader.u32()
  const domain = reader.u32()
  if (wires > MAX_WIRES) throw tooLarge(`${wires} wires`, MAX_WIRES)
  if (wires < publicCount + 1) throw malformed(`${wires} wires cannot carry one and ${publicCount} public signals`)
  if (domain > 2 ** MAX_DOMAIN_LOG) throw tooLarge(`a domain of ${domain} points`, 2 ** MAX_DOMAIN_LOG)
  const domainLog = 31 - Math.clz32(domain)
  if (domain < 2 || domain !== 2 ** domainLog) throw malformed(`a domain of ${domain} points is no power of two from 2`)
  // A row for the constant and for each public signal keeps the public signals independent.
  if (domain < publicCount + 1) throw malformed(`a domain of ${domain} points has no room for the public signals`)
  return {
    wires,
    publicCount,
    domain,
    domainLog,
    alpha1: reader.take(G1_BYTES),
    beta1: reader.take(G1_BYTES),
    beta2: reader.take(G2_BYTES),
    gamma2: reader.take(G2_BYTES),
    delta1: reader.take(G1_BYTES),
    delta2: reader.take(G2_BYTES),
  }
}

function checkField(reader: ByteCursor, order: bigint): void {
  const width = reader.u32()
  if (width !== FIELD_BYTES || reader.u256() !== order) {
    throw new ProvingKeyError('zkey_curve', 'the key is not over BN254')
  }
}

function readCoefficients(section: Uint8Array, { wires, domain }: { wires: number; domain: number }): Uint8Array {
  const reader = cursor(section, 'section 4')
  const count = reader.u32()
  if (count > MAX_ENTRIES) throw tooLarge(`${count} coefficients`, MAX_ENTRIES)
  const entries = reader.take(count * ENTRY_BYTES)
  reader.end()
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength)
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const matrix = view.getUint32(at, true)
    const row = view.getUint32(at + 4, true)
    const wire = view.getUint32(at + 8, true)
    if (matrix > 1) throw malformed(`a coefficient is of matrix ${matrix}, which does not exist`)
    if (row >= domain) throw malformed(`a coefficient is of row ${row}, beyond the domain of ${domain} points`)
    if (wire >= wires) throw malformed(`a coefficient is of wire ${wire}, of ${wires}`)
  }
  return entries
}

function cursor(bytes: Uint8Array, what: string): ByteCursor {
  return new ByteCursor(bytes, (reason) => {
    throw malformed(`${what} ${reason}`)
  })
}

function malformed(message: string): ProvingKeyError {
  return new ProvingKeyError('zkey_malformed', `zkey: ${message}`)
}

function tooLarge(what: string, limit: number): ProvingKeyError {
  return new ProvingKeyError('zkey_too_large', `zkey: ${what} are more than ${limit}`)
}
