import { fromBase64url, toBase64url } from '../protocol/bytes.ts'
import { type Credential, credentialFields, credentialHash, parseCredential } from '../protocol/credential.ts'
import { deviceKeyHash, deviceKeysCommitment } from '../protocol/device.ts'
import { canonicalJson } from '../protocol/digest.ts'
import { type FieldElement, randomField } from '../protocol/field.ts'
import { deviceChallenge, issuanceContext, offerPath, serializeAcceptance } from '../protocol/issuance.ts'
import type { IssuerKey } from '../protocol/issuer.ts'
import { verifyIssuerSignature } from '../protocol/issuer-signature.ts'
import { issueSignals } from '../protocol/signals.ts'
import type { Assertion } from '../webauthn/index.ts'
import type { Ceremony } from './ceremony.ts'
import { issueStatement } from './circuit-inputs.ts'
import { keepCredential } from './credentials.ts'
import { todayOf, type WalletEnvironment } from './environment.ts'
import { fetchJson, refusalCode } from './fetch-json.ts'
import type { HeldCredential } from './held-credential.ts'
import type { CheckedOffer } from './offer.ts'
import type { ProofMaker } from './own-proof.ts'
import type { Touched, WalletSession } from './session.ts'
import type { Card, ProgressOptions } from './wallet.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

/**
 * Answers an offer and keeps the credential. A locked wallet is opened by a first touch: what the second one signs
 * names the holder's commitment, and that takes the holder's secret.
 * Nothing leaves before the wallet's own proof has been verified. Once it has, an offer is used up, so that a lock waits
 * until the credential is kept; before, it ends this with `wallet_locked`. Throws `issuer_refused`, `credential_mismatch`,
 * `credential_signature`, `issuer_unreachable`, `own_proof_invalid`, and what touch, prover and vault throw.
 */
export async function acceptOffer(
  work: { readonly session: WalletSession; readonly proofs: ProofMaker; readonly ceremony: Ceremony },
  checked: CheckedOffer,
  options: ProgressOptions,
): Promise<Card> {
  const { session, proofs, ceremony } = work
  const { environment } = session
  const { signal } = ceremony
  const { onProgress } = options
  const total = session.vaultIfOpen() ? 1 : 2
  if (total === 2) {
    onProgress?.({ phase: 'touch', loaded: 1, total })
    await session.touch({ challenge: environment.random(32), signal })
  }
  const { offer } = checked
  const holderSecret = await session.vault().holderSecret()
  const holderBlinding = randomField(environment.random)
  const deviceKeysSalt = randomField(environment.random)
  const context = issuanceContext(offer)
  const { inputs, signals } = issueStatement({ holderSecret, holderBlinding, context, issuer: offer.issuer })
  onProgress?.({ phase: 'touch', loaded: total, total })
  const touched = await session.touch({ challenge: deviceChallenge(context, signals), signal })
  const deviceKeys = [deviceKeyHash(touched.authenticator.publicKey)]
  const proof = await proofs.prove(
    { circuit: 'issue-v1', inputs, signals: issueSignals(signals) },
    { ...options, signal },
  )
  onProgress?.({ phase: 'send' })
  ceremony.send({ keeps: true })
  try {
    const { holderCommitment, issuerTag } = signals
    const devices = [deviceAssertion(touched)]
    const body = serializeAcceptance({ version: 1, proof, holderCommitment, issuerTag, deviceKeysSalt, devices })
    // Not to be cancelled any more: the issuer gives the credential once, and what it gives is kept.
    const answer = await post(environment, checked, body)
    const credential = readCredential(answer)
    const issuerKey = checkCredential(environment, credential, checked, {
      holderCommitment,
      deviceKeysCommitment: deviceKeysCommitment(deviceKeys, deviceKeysSalt),
    })
    const { name: issuerName, demo } = checked.metadata
    const { schema } = checked
    const held = { credential, schema, holderBlinding, deviceKeys, deviceKeysSalt, issuerName, demo, issuerKey }
    return await keep(session, held)
  } catch (cause) {
    throw toWalletError(cause, 'maybe')
  }
}

function deviceAssertion({ assertion, authenticator }: Touched) {
  const { authenticatorData, clientDataJSON, signature }: Assertion = assertion
  const { publicKey } = authenticator
  return {
    credentialId: fromBase64url(assertion.credentialId),
    publicKey,
    authenticatorData,
    clientDataJSON,
    signature,
  }
}

async function post({ fetch }: WalletEnvironment, { offer }: CheckedOffer, body: unknown): Promise<unknown> {
  const url = `${offer.issuer}${offerPath(offer.id)}/accept`
  const { ok, status, value } = await fetchJson({ fetch, url, unreachable: 'issuer_unreachable', body })
  if (ok) return value
  const detail = refusalCode(value)
  throw new WalletError('issuer_refused', `${offer.issuer} refused the acceptance: status ${status}`, { detail })
}

function readCredential(answer: unknown): Credential {
  try {
    const value =
      typeof answer === 'object' && answer !== null && 'credential' in answer ? answer.credential : undefined
    return parseCredential(value)
  } catch (cause) {
    throw new WalletError('credential_mismatch', 'what the issuer returned is no credential', { cause })
  }
}

/** Every field is the one offered or the holder's own, and a key of the issuer's, valid on that day, signed them all. */
function checkCredential(
  environment: WalletEnvironment,
  credential: Credential,
  { offer, metadata, schema }: CheckedOffer,
  own: { readonly holderCommitment: FieldElement; readonly deviceKeysCommitment: FieldElement },
): IssuerKey {
  const fields: readonly (readonly [name: string, agrees: boolean])[] = [
    ['issuer', credential.issuer === offer.issuer],
    ['schema', credential.schema === offer.schema],
    ['claims', toBase64url(canonicalJson(credential.claims)) === toBase64url(canonicalJson(offer.claims))],
    ['holderCommitment', credential.holderCommitment === own.holderCommitment],
    ['deviceKeysCommitment', credential.deviceKeysCommitment === own.deviceKeysCommitment],
    ['validFrom', credential.validFrom === offer.validFrom],
    ['validUntil', credential.validUntil === offer.validUntil],
    ['issuedAt', Math.abs(credential.issuedAt - todayOf(environment)) <= 1],
  ]
  const wrong = fields.find(([, agrees]) => !agrees)
  if (wrong) throw new WalletError('credential_mismatch', `the credential's ${wrong[0]} is not the one agreed`)
  const key = metadata.keys.find(
    ({ keyId, notBefore, notAfter }) =>
      keyId === credential.keyId && notBefore <= credential.issuedAt && credential.issuedAt <= notAfter,
  )
  const message = credentialHash(credentialFields(schema, credential))
  if (!key || !verifyIssuerSignature(key.point, message, credential.signature)) {
    throw new WalletError('credential_signature', 'no key that the issuer publishes for that day signed the credential')
  }
  return key
}

async function keep(session: WalletSession, held: HeldCredential): Promise<Card> {
  const { random } = session.environment
  const vault = session.vault()
  const card = await keepCredential(vault, toBase64url(random(16)), held)
  await session.activity.record(vault, {
    kind: 'received',
    origin: held.credential.issuer,
    credentialKind: held.schema.name,
    questions: [],
    learned: [],
    shared: 'yes',
  })
  session.changed()
  return card
}
