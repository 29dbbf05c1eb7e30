import { dirname } from 'node:path'
import { parseCredential } from '../../src/protocol/credential.ts'
import { deviceKeyHash } from '../../src/protocol/device.ts'
import { type FieldElement, randomField } from '../../src/protocol/field.ts'
import {
  type Acceptance,
  deviceChallenge,
  issuanceContext,
  type Offer,
  parseOffer,
  serializeAcceptance,
} from '../../src/protocol/issuance.ts'
import { ISSUER_METADATA_PATH, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { createNodeProver } from '../../src/prover/node.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import { issueStatement } from '../../src/wallet/circuit-inputs.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import { form, send } from './http-client.ts'
import { type AssertionChoices, assertionBy, makeSoftwareKey, type SoftwareKey } from './signed-assertion.ts'

/** Somebody with a wallet: a secret and one security key in software. */
export type Holder = { readonly secret: FieldElement; readonly key: SoftwareKey }

export function makeHolder(): Holder {
  return { secret: randomField(), key: makeSoftwareKey() }
}

/** A prover in Node under the key set in this folder. */
export function proverFor(keySet: { hash: string; directory: string }): WorkerProver {
  return createNodeProver({ location: { base: dirname(keySet.directory), keySetHash: keySet.hash } })
}

/** What an honest wallet answers to an offer; `choices` make its security key's assertion wrong. */
export async function makeAcceptance(
  offer: Offer,
  options: { holder: Holder; prover: WorkerProver; walletOrigin: Origin; choices?: Partial<AssertionChoices> },
): Promise<Acceptance & { readonly holderBlinding: FieldElement }> {
  const { holder, prover, walletOrigin, choices = {} } = options
  const context = issuanceContext(offer)
  const holderBlinding = randomField()
  const statement = issueStatement({ holderSecret: holder.secret, holderBlinding, context, issuer: offer.issuer })
  const { holderCommitment, issuerTag } = statement.signals
  const { proof } = await prover.prove('issue-v1', statement.inputs)
  const challenge = deviceChallenge(context, { holderCommitment, issuerTag })
  const device = assertionBy(holder.key, { challenge, origin: walletOrigin, ...choices })
  return {
    version: 1,
    proof,
    holderCommitment,
    issuerTag,
    deviceKeysSalt: randomField(),
    devices: [device],
    holderBlinding,
  }
}

/** Fills in the issuer's form as a person does; gives the id of the offer. */
export async function orderOffer(issuer: Origin, fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await send(`${issuer}/offers`, form(fields, issuer))
  if (answer.status !== 303) throw new Error(`the form was answered with ${answer.status}`)
  return (answer.headers.location ?? '').replace('/offered/', '')
}

/** The whole of receiving: form, offer, acceptance, credential. */
export async function receiveCredential(options: {
  issuer: Origin
  walletOrigin: Origin
  holder: Holder
  prover: WorkerProver
  fields: Readonly<Record<string, string>>
}): Promise<HeldCredential> {
  const { issuer, walletOrigin, holder, fields } = options
  const url = `${issuer}/offers/${await orderOffer(issuer, fields)}`
  const metadata = parseIssuerMetadata((await send(`${issuer}${ISSUER_METADATA_PATH}`)).json(), issuer)
  const offer = parseOffer((await send(url, { headers: { origin: walletOrigin } })).json())
  const acceptance = await makeAcceptance(offer, options)
  const answer = await send(`${url}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: walletOrigin },
    body: JSON.stringify(serializeAcceptance(acceptance)),
  })
  const [schema] = metadata.schemas
  const credential = parseCredential((answer.json() as { credential: unknown }).credential)
  const issuerKey = metadata.keys.find(({ keyId }) => keyId === credential.keyId)
  if (!schema || !issuerKey) throw new Error('the metadata names a schema and a key')
  return {
    credential,
    schema,
    holderBlinding: acceptance.holderBlinding,
    deviceKeys: [deviceKeyHash(holder.key.publicKey)],
    deviceKeysSalt: acceptance.deviceKeysSalt,
    issuerName: metadata.name,
    demo: metadata.demo,
    issuerKey,
  }
}
