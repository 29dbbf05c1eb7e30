import { edwards } from '@noble/curves/abstract/edwards.js'
import { poseidon5 } from 'poseidon-lite/poseidon5'
import { FIELD_ORDER, type FieldElement } from './field.ts'
import { remembering } from './remembering.ts'

/** A point of Baby Jubjub (ERC-2494) in affine coordinates. */
export type JubjubPoint = readonly [x: FieldElement, y: FieldElement]

/** An EdDSA-Poseidon signature as circomlib's EdDSAPoseidonVerifier checks it. */
export type IssuerSignature = { readonly r8: JubjubPoint; readonly s: bigint }

/** l, the order of the subgroup that Base8 generates; `0 ≤ S < l`. */
export const JUBJUB_SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n

/** Baby Jubjub; its base is Base8. */
export const Jubjub = edwards({
  p: FIELD_ORDER,
  n: JUBJUB_SUBGROUP_ORDER,
  h: 8n,
  a: 168700n,
  d: 168696n,
  Gx: 5299619240641551281634865583518297030282874472190772894086521144482721001553n,
  Gy: 16950150798460657717958625567821834550301663161624707787222815936182638968203n,
})

/**
 * True if the point may be an issuer's key: on the curve, in the prime-order subgroup and not the identity. Checked
 * wherever a key enters (metadata, configuration, epochs), because the circuit only checks that it is on the curve and
 * that 8·A is not the identity.
 */
export function isIssuerKey(key: JubjubPoint): boolean {
  return judged(key.join(), () => isGenerator(key))
}

/** To check a point takes half a millisecond, and each epoch of an issuer names the same ones: 67 × 16 at most. */
const judged = remembering<boolean>(2048)

function isGenerator([x, y]: JubjubPoint): boolean {
  try {
    const point = Jubjub.fromAffine({ x, y })
    point.assertValidity()
    return !point.is0() && point.isTorsionFree()
  } catch {
    return false
  }
}

/**
 * Checks S·B8 = R8 + 8·H(R8, A, M)·A over Baby Jubjub with H = Poseidon of five inputs. Strict where circomlibjs is
 * not: S below l, both points in the subgroup, the key not the identity.
 */
export function verifyIssuerSignature(key: JubjubPoint, message: FieldElement, signature: IssuerSignature): boolean {
  const { r8, s } = signature
  if (s < 0n || s >= JUBJUB_SUBGROUP_ORDER || !isIssuerKey(key)) return false
  try {
    const r = Jubjub.fromAffine({ x: r8[0], y: r8[1] })
    r.assertValidity()
    if (!r.isTorsionFree()) return false
    const challenge = poseidon5([r8[0], r8[1], key[0], key[1], message])
    const a = Jubjub.fromAffine({ x: key[0], y: key[1] })
    const factor = (8n * challenge) % JUBJUB_SUBGROUP_ORDER
    const right = r.add(factor === 0n ? Jubjub.ZERO : a.multiplyUnsafe(factor))
    const left = s === 0n ? Jubjub.ZERO : Jubjub.BASE.multiplyUnsafe(s)
    return left.equals(right)
  } catch {
    return false
  }
}
