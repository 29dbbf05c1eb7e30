import { FIELD_ORDER, toField } from '../../../../src/protocol/field.ts'
import { issuerSet } from '../../../../src/protocol/issuer-set.ts'
import { caseIssuerLeaf, caseStatusTree, type PresentCase, presentInputs } from '../../present-case.ts'
import type { FalseStatement } from './false-statements.ts'
import { honestCase } from './present-cases.ts'
import { rootOf, unequalPairs, withChild, withSwappedFitting } from './tree-paths.ts'

/** Line 5: revoked, or another place of the list, or no list. */
export function falseStatuses(seed: number): FalseStatement[] {
  const honest = honestCase(seed)
  const inputs = presentInputs(honest)
  const path = inputs.statusPath
  const place = honest.revocationId >> 8n
  /** The list's root is what this path leads to, in the issuer's leaf too. */
  const listed = (statusPath: readonly bigint[], given: PresentCase = honest) => {
    const leaf = caseIssuerLeaf({ ...given, revocationRoot: rootOf(statusPath) })
    const set = issuerSet([leaf, ...given.otherIssuers])
    return { ...presentInputs(given), statusPath, issuersRoot: set.root, issuerPath: set.path(leaf).flat() }
  }
  const digit = (level: number) => Number((place >> BigInt(2 * level)) & 3n)
  const identified = (revocationId: bigint, revoked = honest.revoked) => ({ ...honest, revocationId, revoked })
  const withBit = inputs.statusLeaf | (1n << (honest.revocationId & 255n))
  return [
    ...[0n, 1n, 57n, 128n, 250n, 251n].flatMap((bit) =>
      [0n, 11n, 4095n].map((leaf) => ({
        name: `bit ${bit} of leaf ${leaf} is revoked`,
        inputs: presentInputs(identified(256n * leaf + bit, [Number(256n * leaf + bit)])),
        refusedBy: CHOICE,
      })),
    ),
    ...[252n, 253n, 254n, 255n].map((bit) => ({
      name: `bit ${bit}, which no leaf has`,
      inputs: presentInputs(identified(256n * place + bit)),
      refusedBy: CHOICE,
    })),
    ...[2n ** 20n, 2n ** 21n, 2n ** 64n, FIELD_ORDER - 2n ** 20n].map((by) => ({
      name: `the identifier plus ${by}`,
      inputs: presentInputs(identified((honest.revocationId + by) % FIELD_ORDER)),
      refusedBy: RANGE,
    })),
    {
      name: 'the identifier −1',
      inputs: { ...presentInputs(identified(FIELD_ORDER - 1n)), ...statusAt(honest, 4095) },
      refusedBy: /^NotRevoked/,
    },
    {
      name: 'a leaf whose bit is cleared, under the root of the list that has it',
      inputs: { ...presentInputs(identified(honest.revocationId, [Number(honest.revocationId)])), statusLeaf: 0n },
      refusedBy: PLACE(0),
    },
    {
      name: 'a leaf with another bit set, under the same root',
      inputs: { ...inputs, statusLeaf: inputs.statusLeaf ^ 1n },
      refusedBy: PLACE(0),
    },
    {
      name: 'a leaf of 253 bits',
      inputs: listed(withChild(path, { level: 0, place: digit(0), child: inputs.statusLeaf + 2n ** 252n }), {
        ...honest,
        statusLeaf: inputs.statusLeaf + 2n ** 252n,
      }),
      refusedBy: RANGE,
    },
    {
      name: 'a leaf of all ones',
      inputs: listed(withChild(path, { level: 0, place: digit(0), child: 2n ** 252n - 1n }), {
        ...honest,
        statusLeaf: 2n ** 252n - 1n,
      }),
      refusedBy: CHOICE,
    },
    {
      name: 'the leaf with the bit set',
      inputs: listed(withChild(path, { level: 0, place: digit(0), child: withBit }), {
        ...honest,
        statusLeaf: withBit,
      }),
      refusedBy: CHOICE,
    },
    ...[0, 1, 2, 3, 4, 5].flatMap((level) => [
      ...[1, 2, 3].map((by) => {
        const elsewhere = Number(place) ^ (by << (2 * level))
        return {
          name: `a place whose digit ${level} differs by ${by}`,
          inputs: { ...inputs, ...statusAt(honest, elsewhere) },
          refusedBy: /^NotRevoked\.QuaternaryPath/,
        }
      }),
      ...[
        ['is empty', 0n],
        ['holds one more', (path[4 * level + digit(level)] ?? 0n) + 1n],
      ].map(([what, child]) => ({
        name: `the list's place on level ${level} ${what}`,
        inputs: listed(withChild(path, { level, place: digit(level), child: BigInt(child ?? 0n) }), {
          ...honest,
          statusLeaf: inputs.statusLeaf,
        }),
        refusedBy: PLACE(level),
      })),
      ...unequalPairs(path, level)
        // Where neither is the credential's own, the list is just another one.
        .filter((pair) => pair.includes(digit(level)))
        .map(([one, two]) => ({
          name: `nodes ${one} and ${two} of level ${level} of the list change places`,
          inputs: listed(withSwappedFitting(path, level, one, two), { ...honest, statusLeaf: inputs.statusLeaf }),
          refusedBy: PLACE(level),
        })),
    ]),
  ]
}

/** Leaf and path of a place of the list. */
function statusAt(given: PresentCase, place: number) {
  const path = caseStatusTree(given).path(place)
  return { statusLeaf: toField(path[0]?.[place % 4] ?? 0n), statusPath: path.flat() }
}

const RANGE = /^NotRevoked\.Num2Bits|^NotRevoked\.(idBits|leafBits)/
const CHOICE = /^NotRevoked/
const PLACE = (level: number): RegExp => new RegExp(`^NotRevoked\\.QuaternaryPath\\.(lower|upper)\\[${level}\\]$`)
