import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER, toField } from '../../src/protocol/field.ts'
import { quaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { testPublicKey } from './baby-jubjub.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { acceptedCase, caseIssuerLeaf, caseStatusTree, type PresentCase, presentInputs } from './present-case.ts'

/* Line 5 of the statement: the credential's bit in its issuer's status list is 0. */

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const accepts = async (overrides: Partial<PresentCase>): Promise<void> => {
  await expectProvable(circuit, presentInputs(acceptedCase(overrides)))
}
const refuses = (overrides: Partial<PresentCase>, check: RegExp) =>
  expectUnprovable(circuit, presentInputs(acceptedCase(overrides)), check)

const ID = Number(acceptedCase().revocationId)
const LEAF = Math.floor(ID / 256)
const LAST_LEAF = 4095 * 256
const THE_BIT = /^NotRevoked\.BitChoice/
const RANGE_OF_ID = /^(NotRevoked\.Num2Bits|revocationId)/
const PLACE = /^NotRevoked\.QuaternaryPath/
const ISSUERS = /^IssuerSet/

describe('the bit', () => {
  test('is 0 in an empty list', () => accepts({ revoked: [] }))
  test('is 0 where every other bit of its leaf is 1', () =>
    accepts({
      revoked: Array.from({ length: 252 }, (_, bit) => LEAF * 256 + bit).filter((id) => id !== ID),
    }))
  test('is 1', () => refuses({ revoked: [ID] }, THE_BIT))
  test('is the only 0 of its leaf, and another bit is asked about', () =>
    refuses(
      {
        revocationId: BigInt(ID + 1),
        revoked: Array.from({ length: 252 }, (_, bit) => LEAF * 256 + bit).filter((id) => id !== ID),
      },
      THE_BIT,
    ))

  const places = [0, 1, 127, 128, 251, 255 * 256 + 7, LAST_LEAF, LAST_LEAF + 251]
  test.each(places)('of identifier %i is 0', (id) => accepts({ revocationId: BigInt(id), revoked: [ID] }))
  test.each(places)('of identifier %i is 1', (id) => refuses({ revocationId: BigInt(id), revoked: [id] }, THE_BIT))
})

describe('an identifier that the list has no bit for', () => {
  test.each([252, 253, 254, 255])('bit %i of a leaf', (bit) =>
    refuses({ revocationId: BigInt(LEAF * 256 + bit), revoked: [] }, THE_BIT),
  )
  test.each([
    ['2^20', 2n ** 20n],
    ['2^20 above one that is not revoked', 2n ** 20n + BigInt(ID)],
    ['2^252 above one that is not revoked', 2n ** 252n + BigInt(ID)],
    ['the greatest field element', FIELD_ORDER - 1n],
  ])('%s', (_, revocationId) => refuses({ revocationId, revoked: [] }, RANGE_OF_ID))
})

describe('the leaf', () => {
  /** The leaf and path of another place of the same list. */
  function leafAt(revoked: readonly number[], place: number) {
    const path = caseStatusTree({ ...acceptedCase(), revoked }).path(place)
    return { statusLeaf: path[0]?.[place % 4] ?? 0n, statusPath: path.flat() }
  }

  // So that the children on each level differ, and none can stand for another.
  const revoked = [
    ID,
    ...[0, 1, 2, 3, 4, 5].flatMap((level) => [1, 2, 3].map((by) => (LEAF ^ (by * 4 ** level)) * 256 + 9 + level)),
  ]

  test.each([0, 1, 2, 3, 4, 5])('of another place on level %i cannot answer', async (level) => {
    for (const by of [1, 2, 3]) {
      await refuses({ revoked, ...leafAt(revoked, LEAF ^ (by * 4 ** level)) }, PLACE)
    }
  })
  test('with the bit cleared is not in the list', () => {
    const { statusLeaf } = leafAt([ID], LEAF)
    return refuses({ revoked: [ID], statusLeaf: statusLeaf - 2n ** BigInt(ID % 256) }, PLACE)
  })
  test('of more than 252 bits has no bits, though the list has it', () => {
    const leaves = Array.from({ length: LEAF + 1 }, (_, place) => toField(place === LEAF ? 2n ** 252n : 0n))
    const tree = quaternaryTree(leaves, 6)
    const statusPath = tree.path(LEAF).flat()
    return refuses(
      { statusLeaf: 2n ** 252n, statusPath, revocationRoot: tree.root },
      /^(NotRevoked\.Num2Bits|statusLeaf)/,
    )
  })
})

describe('the list', () => {
  test('of another epoch is not accepted', () => {
    const { issuersRoot, issuerPath } = presentInputs(acceptedCase({ revoked: [ID] }))
    return refuses({ revoked: [], issuersRoot, issuerPath }, ISSUERS)
  })
  test('of another accepted issuer does not answer for this one', () => {
    const other = caseIssuerLeaf(acceptedCase({ issuerKey: testPublicKey(8), revoked: [] }))
    const { issuersRoot, issuerPath } = presentInputs(acceptedCase({ revoked: [ID], otherIssuers: [other] }))
    return refuses({ revoked: [], otherIssuers: [other], issuersRoot, issuerPath }, ISSUERS)
  })
  test('does not show: the public signals are the same for two places of it', async () => {
    const signals = async (overrides: Partial<PresentCase>) =>
      circuit.publicSignals(await expectProvable(circuit, presentInputs(acceptedCase(overrides))))
    const [one, two] = [await signals({}), await signals({ revocationId: BigInt(LAST_LEAF) })]
    // Another credential by its hash, and nothing else.
    expect({ ...one, credentialLink: 0n }).toEqual({ ...two, credentialLink: 0n })
  })
})
