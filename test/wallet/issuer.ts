import { toBase64url } from '../../src/protocol/bytes.ts'
import type { Claims } from '../../src/protocol/claim.ts'
import { credentialFields, credentialHash, serializeCredential } from '../../src/protocol/credential.ts'
import { type Day, toDay } from '../../src/protocol/day.ts'
import { deviceKeyHash, deviceKeysCommitment } from '../../src/protocol/device.ts'
import { deviceChallenge, issuanceContext, type Offer, parseAcceptance } from '../../src/protocol/issuance.ts'
import { type IssuerKey, type IssuerMetadata, serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { IssuerSignature } from '../../src/protocol/issuer-signature.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { parseSchema, schemaHash } from '../../src/protocol/schema.ts'
import { scopeOf } from '../../src/protocol/scope.ts'
import { issueSignals } from '../../src/protocol/signals.ts'
import type { VerificationKey } from '../../src/verifier/pairing-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { verifyAssertionLocally } from '../../src/webauthn/index.ts'
import { testPublicKey, testSign } from '../circuits/baby-jubjub.ts'
import { StatusPages } from './status-pages.ts'
import type { Answer, Call, Web } from './web.ts'

const claim = (slot: number, name: string, type: string, more: object = {}) => ({
  name,
  slot,
  type,
  title: name,
  sensitive: false,
  required: true,
  ...more,
})

export const PERSON = parseSchema({
  version: 1,
  name: 'Person',
  claims: [
    claim(0, 'givenName', 'string'),
    claim(2, 'birthDate', 'date', { title: 'Birth date' }),
    claim(3, 'nationality', 'country'),
    claim(5, 'documentNumber', 'string', { sensitive: true }),
    claim(6, 'member', 'boolean', { required: false }),
  ],
})

export const ADULT: Claims = {
  givenName: 'Mara',
  birthDate: '1991-03-14',
  nationality: 'FI',
  documentNumber: 'X-1234567',
}

export type TestIssuerOptions = {
  readonly origin: string
  readonly name: string
  /** Of its signing key. */
  readonly seed: number
  readonly keySet: string
  readonly verificationKey: VerificationKey
  readonly today: Day
  readonly walletOrigin: string
  /** Identifiers that it has issued before. */
  readonly issued?: readonly number[]
}

/** An issuer that checks what a real one does, and can be told to misbehave in one way. */
export class TestIssuer {
  readonly origin: Origin
  readonly pages: StatusPages
  readonly offers = new Map<string, Offer>()
  /** Identifiers in the status list, in the order of issuance. */
  readonly issued: number[] = []
  readonly #options: TestIssuerOptions
  /** Changes what is published. */
  metadata: (honest: IssuerMetadata) => unknown = serializeIssuerMetadata
  /** Changes the answer to an acceptance. */
  answer: (honest: { credential: ReturnType<typeof serializeCredential> }) => unknown = (honest) => honest
  /** Changes what is signed. */
  issuedAt: Day

  constructor(web: Web, options: TestIssuerOptions) {
    this.#options = options
    this.origin = parseOrigin(options.origin)
    this.pages = new StatusPages(this.origin, secondsOf(options.today), [this.key])
    this.issued.push(...(options.issued ?? []))
    this.issuedAt = options.today
    web.serve(this.origin, (call) => this.#serve(call))
  }

  get key(): IssuerKey {
    const { today } = this.#options
    return {
      keyId: 'first',
      point: testPublicKey(this.#options.seed),
      notBefore: toDay(today - 30),
      notAfter: toDay(today + 30),
    }
  }

  /** Makes an offer, with some members changed, and returns the link to it. */
  offer(changes: Partial<Offer> = {}): { issuer: string; offer: string } {
    const { today, keySet } = this.#options
    const id = `offer-${this.offers.size}-0000`
    const honest: Offer = {
      version: 1,
      id,
      issuer: this.origin,
      schema: schemaHash(PERSON),
      claims: ADULT,
      validFrom: today,
      validUntil: toDay(today + 365),
      nonce: toBase64url(new Uint8Array(32).fill(this.offers.size)),
      expires: secondsOf(today) + 86_400,
      keySet,
    }
    this.offers.set(id, { ...honest, ...changes })
    return { issuer: this.origin, offer: id }
  }

  /** What an honest issuer publishes. */
  published(): IssuerMetadata {
    return {
      version: 1,
      origin: this.origin,
      name: this.#options.name,
      demo: true,
      keys: [this.key],
      statusKeys: [this.pages.publisher.publicKey],
      schemas: [PERSON],
      keySets: [this.#options.keySet],
    }
  }

  async #serve({ url, body }: Call): Promise<Answer> {
    const { pathname } = new URL(url)
    if (pathname === '/.well-known/touchstone-issuer.json') {
      return { json: this.metadata(this.published()) }
    }
    const page = this.pages.answer(pathname)
    if (page) return page
    const [, id = '', accept] = /^\/offers\/([^/]+)(\/accept)?$/.exec(pathname) ?? []
    const offer = this.offers.get(id)
    if (!offer) return { status: 404, json: { error: 'offer_unknown' } }
    return accept ? this.#accept(offer, body) : { json: offer }
  }

  async #accept(offer: Offer, body: unknown): Promise<Answer> {
    const { verificationKey, walletOrigin } = this.#options
    const { proof, holderCommitment, issuerTag, deviceKeysSalt, devices } = parseAcceptance(body)
    const context = issuanceContext(offer)
    const issuerScope = scopeOf('issuer', this.origin)
    const signals = issueSignals({ holderCommitment, issuerTag, context, issuerScope })
    if (verifyProof(verificationKey, signals, proof) !== 'VALID')
      return { status: 422, json: { error: 'proof_invalid' } }
    for (const { credentialId, publicKey, ...rest } of devices) {
      const status = await verifyAssertionLocally({
        assertion: { ...rest, credentialId: toBase64url(credentialId) },
        publicKey,
        expectedChallenge: deviceChallenge(context, { holderCommitment, issuerTag }),
        expectedOrigin: walletOrigin,
        expectedRpId: new URL(walletOrigin).hostname,
      })
      if (status !== 'VALID') return { status: 422, json: { error: 'device_assertion_invalid' } }
    }
    const hashes = devices.map(({ publicKey }) => deviceKeyHash(publicKey))
    const unsigned = {
      version: 1,
      issuer: this.origin,
      keyId: this.key.keyId,
      schema: offer.schema,
      claims: offer.claims,
      holderCommitment,
      deviceKeysCommitment: deviceKeysCommitment(hashes, deviceKeysSalt),
      validFrom: offer.validFrom,
      validUntil: offer.validUntil,
      issuedAt: this.issuedAt,
      revocationId: 257 + 3 * this.issued.length,
    } as const
    this.issued.push(unsigned.revocationId)
    const signature: IssuerSignature = testSign(this.#options.seed, credentialHash(credentialFields(PERSON, unsigned)))
    return { json: this.answer({ credential: serializeCredential({ ...unsigned, signature }) }) }
  }
}

/** Midnight at the beginning of a day, in Unix seconds. */
function secondsOf(day: Day): number {
  return (day - 25_567) * 86_400
}
