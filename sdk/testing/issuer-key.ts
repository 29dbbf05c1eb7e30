import { poseidon5 } from 'poseidon-lite/poseidon5'
import type { Day } from '../../src/protocol/day.ts'
import { encodeField, type FieldElement, randomField, toField } from '../../src/protocol/field.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import {
  type IssuerSignature,
  JUBJUB_SUBGROUP_ORDER,
  Jubjub,
  type JubjubPoint,
} from '../../src/protocol/issuer-signature.ts'

/** An issuer's signing key, and what it signs. */
export type IssuerSigner = {
  readonly key: IssuerKey
  /** EdDSA over Baby Jubjub and Poseidon, as the circuit checks it. Not constant in time: for tests. */
  readonly sign: (message: FieldElement) => IssuerSignature
}

export function makeIssuerSigner(notBefore: Day, notAfter: Day): IssuerSigner {
  const secret = randomScalar()
  const point = multiple(secret)
  return {
    key: { keyId: encodeField(point[0]).slice(0, 16), point, notBefore, notAfter },
    sign: (message) => {
      const nonce = randomScalar()
      const r8 = multiple(nonce)
      const challenge = poseidon5([...r8, ...point, message])
      return { r8, s: (nonce + 8n * challenge * secret) % JUBJUB_SUBGROUP_ORDER }
    },
  }
}

function randomScalar(): bigint {
  return (randomField() % (JUBJUB_SUBGROUP_ORDER - 1n)) + 1n
}

function multiple(scalar: bigint): JubjubPoint {
  const { x, y } = Jubjub.BASE.multiply(scalar).toAffine()
  return [toField(x), toField(y)]
}
