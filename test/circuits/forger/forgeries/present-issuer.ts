import { toField } from '../../../../src/protocol/field.ts'
import { testPublicKey, testSign } from '../../baby-jubjub.ts'
import { caseCredentialHash, caseIssuerLeaf, presentInputs } from '../../present-case.ts'
import type { FalseStatement } from './false-statements.ts'
import { honestCase, OTHER_ISSUER_SEED, otherCase } from './present-cases.ts'
import { nodeAbove, placeOf, rootOf, unequalPairs, withChild, withSwapped } from './tree-paths.ts'

/** Line 4: an issuer that is not accepted, or not with this key, term or list. */
export function falseIssuers(seed: number): FalseStatement[] {
  const honest = honestCase(seed)
  const inputs = presentInputs(honest)
  const path = inputs.issuerPath
  const leaf = caseIssuerLeaf(honest)
  const other = presentInputs(otherCase(seed))
  const stranger = {
    issuerKey: testPublicKey(OTHER_ISSUER_SEED),
    signature: testSign(OTHER_ISSUER_SEED, caseCredentialHash(honest)),
  }
  const alone = presentInputs({ ...honest, otherIssuers: [] })
  return [
    { name: "another verifier's issuers", inputs: { ...inputs, issuersRoot: other.issuersRoot }, refusedBy: ROOT },
    { name: 'no issuers', inputs: { ...inputs, issuersRoot: 0n }, refusedBy: ROOT },
    { name: 'the issuer alone, of several', inputs: { ...inputs, issuersRoot: alone.issuersRoot }, refusedBy: ROOT },
    {
      name: 'several issuers, of the issuer alone',
      inputs: { ...alone, issuersRoot: inputs.issuersRoot },
      refusedBy: ROOT,
    },
    { name: 'the leaf for the root', inputs: { ...inputs, issuersRoot: leaf }, refusedBy: ROOT },
    { name: 'the first level for the root', inputs: { ...inputs, issuersRoot: nodeAbove(path, 0) }, refusedBy: ROOT },
    {
      name: 'a key that is not among the accepted ones',
      inputs: { ...presentInputs({ ...honest, ...stranger }), issuersRoot: inputs.issuersRoot, issuerPath: path },
      refusedBy: LEVEL(0),
    },
    {
      name: "a path to another issuer's leaf",
      inputs: { ...inputs, issuerPath: other.issuerPath, issuersRoot: other.issuersRoot },
      refusedBy: LEVEL(0),
    },
    ...(['keyNotBefore', 'keyNotAfter'] as const).flatMap((name) =>
      [1n, -1n].map((by) => ({
        name: `${name} ${by > 0n ? 'later' : 'earlier'} than in the set`,
        inputs: { ...inputs, [name]: inputs[name] + by },
        refusedBy: LEVEL(0),
      })),
    ),
    {
      name: "an epoch of the issuer's list that is not in the set",
      inputs: { ...presentInputs({ ...honest, revoked: [1] }), issuersRoot: inputs.issuersRoot, issuerPath: path },
      refusedBy: LEVEL(0),
    },
    {
      name: 'an epoch before the credential was revoked',
      inputs: {
        ...inputs,
        ...issuersOf(presentInputs({ ...honest, revoked: [...honest.revoked, Number(honest.revocationId)] })),
      },
      refusedBy: LEVEL(0),
    },
    {
      name: "another issuer's list",
      inputs: {
        ...inputs,
        statusPath: other.statusPath,
        revocationId: other.revocationId,
        statusLeaf: other.statusLeaf,
      },
      // The credential's hash has another identifier then, too.
      refusedBy: /^IssuerS/,
    },
    ...[0, 1].flatMap((level) => {
      const place = level === 0 ? path.slice(0, 4).indexOf(leaf) : placeOf(path, level)
      const instead: [string, bigint][] = [
        ['is empty', 0n],
        ['holds one more', (path[4 * level + place] ?? 0n) + 1n],
        ["holds another's", toField(other.issuerPath[4 * level] ?? 1n)],
        ['holds its neighbour', path[4 * level + ((place + 1) % 4)] ?? 0n],
      ]
      return [
        ...instead.map(([what, child]) => {
          const issuerPath = withChild(path, { level, place, child })
          return {
            name: `the issuer's place on level ${level} ${what}`,
            inputs: { ...inputs, issuerPath, issuersRoot: rootOf(issuerPath) },
            refusedBy: LEVEL(level),
          }
        }),
        ...unequalPairs(path, level).map(([one, two]) => ({
          name: `issuers ${one} and ${two} of level ${level} change places`,
          inputs: { ...inputs, issuerPath: withSwapped(path, level, one, two) },
          refusedBy: level === 1 ? ROOT : LEVEL(1),
        })),
      ]
    }),
  ]
}

function issuersOf({ issuersRoot, issuerPath }: ReturnType<typeof presentInputs>) {
  return { issuersRoot, issuerPath }
}

const ROOT = /^issuersRoot$/
const LEVEL = (level: number): RegExp => new RegExp(`^IssuerSet\\.QuaternaryMembership\\.(left|right)\\[${level}\\]$`)
