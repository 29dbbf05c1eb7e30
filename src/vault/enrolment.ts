import { toBase64url } from '../protocol/bytes.ts'
import { encodeCoordinate } from '../protocol/device.ts'
import type { MasterSecret } from './derive.ts'
import { VaultError } from './error.ts'
import { isMasterTag, type PrfKey, tagMaster, wrapOfPrf } from './prf-wrap.ts'
import { unsealMaster } from './seal.ts'
import { authenticatorOf, decode, type EnrolledAuthenticator, type Enrolment } from './vault-file.ts'

/** An authenticator that is about to be enrolled. */
export type NewAuthenticator = Omit<EnrolledAuthenticator, 'enrolledAt'>

/** Makes the enrolment of an authenticator whose PRF is at hand. `enrolledAt` in Unix seconds. */
export async function enrol(
  master: MasterSecret,
  authenticator: NewAuthenticator,
  prfKey: PrfKey,
  enrolledAt: number,
): Promise<Enrolment> {
  const { credentialId, label, transports, aaguid, backupEligible, publicKey, prfSalts } = authenticator
  const { recipient, keyCheck, tagKey } = await wrapOfPrf(prfKey, prfSalts)
  return {
    credentialId,
    label,
    transports: [...transports],
    aaguid,
    backupEligible,
    publicKey: { x: encodeCoordinate(publicKey.x), y: encodeCoordinate(publicKey.y) },
    prfSalts: { first: toBase64url(prfSalts.first), second: toBase64url(prfSalts.second) },
    enrolledAt,
    recipient,
    keyCheck: toBase64url(keyCheck),
    masterTag: toBase64url(await tagMaster(tagKey, master)),
  }
}

/**
 * Opens the master secret by one enrolment. The key check comes before anything else: browsers have returned wrong PRF
 * bytes, and a wrong byte must not become another person. Throws `prf_mismatch`, `vault_tampered`.
 */
export async function unlockByPrf(enrolment: Enrolment, prfKey: PrfKey, sealed: Uint8Array): Promise<MasterSecret> {
  const { identity, keyCheck, tagKey } = await wrapOfPrf(prfKey, authenticatorOf(enrolment).prfSalts)
  if (toBase64url(keyCheck) !== enrolment.keyCheck) {
    throw new VaultError('prf_mismatch', 'the PRF output is not the one this authenticator was enrolled with')
  }
  const master = await unsealMaster(sealed, identity)
  if (!(await isMasterTag(tagKey, master, decode(enrolment.masterTag)))) {
    master.fill(0)
    throw new VaultError('vault_tampered', 'the sealed secret is not the one this authenticator was enrolled with')
  }
  return master
}
