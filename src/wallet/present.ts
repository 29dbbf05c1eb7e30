import { deviceCommitment, deviceKeyHash } from '../protocol/device.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { IssuerKey } from '../protocol/issuer.ts'
import { type Answer, type Presentation, serializePresentation } from '../protocol/presentation.ts'
import { presentationChallenge } from '../protocol/presentation-challenge.ts'
import { pseudonymOf } from '../protocol/pseudonym.ts'
import { type CredentialItem, kindOf } from '../protocol/query.ts'
import { loginSignals, presentSignals } from '../protocol/signals.ts'
import type { EnrolledAuthenticator, OpenVault } from '../vault/index.ts'
import { reasonAgainst } from './candidates.ts'
import { loginStatement, type PresentationFacts, presentStatement } from './circuit-inputs.ts'
import { openCredential } from './credentials.ts'
import { randomField, secondsOf } from './environment.ts'
import type { HeldCredential } from './held-credential.ts'
import { fetchIssuerMetadata } from './issuer.ts'
import type { ProofMaker } from './own-proof.ts'
import type { CheckedRequest } from './request.ts'
import type { PreparedRequest } from './request-view.ts'
import type { WalletSession } from './session.ts'
import { rememberSite } from './sites.ts'
import { submitPresentation } from './submit.ts'
import type { Learned, Presented, PresentOptions, RequestView } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/**
 * Answers a request with one touch, in this order: it is still alive; the touch, over this context, wallet nonce and
 * key; a credential that answers each item; the issuers' current keys; the proofs, each verified here; the site.
 * Only the last step sends anything about the holder. The touch is the wallet's own rule: the assertion is checked
 * here and not sent, for it would name the key.
 *
 * Throws `request_expired`, `cannot_satisfy`, `credential_missing`, `credential_expired`, `issuer_key_gone`,
 * `own_proof_invalid`, `site_unreachable`, `site_refused`, `site_answer_invalid`, and what touch, prover and vault
 * throw.
 */
export async function present(
  { session, prove }: { readonly session: WalletSession; readonly prove: ProofMaker },
  { checked, prepared }: { readonly checked: CheckedRequest; readonly prepared: PreparedRequest },
  options: PresentOptions,
): Promise<Presented> {
  const { random } = session.environment
  const { signal, onProgress, choices = {} } = options
  const { payload, context, origin } = checked
  if (payload.exp < secondsOf(session.environment)) {
    throw new WalletError('request_expired', 'the request has expired')
  }
  const key = chooseKey(await session.authenticators(), options.wayIn)
  const deviceKey = deviceKeyHash(key.publicKey)
  const deviceSalt = randomField(random)
  const walletNonce = randomField(random)
  const commitment = deviceCommitment(deviceKey, deviceSalt)
  const challenge = presentationChallenge({
    context,
    walletNonce,
    deviceCommitment: commitment,
    keySet: payload.keySet,
  })
  onProgress?.({ phase: 'touch', loaded: 1, total: 1 })
  const { vault } = await session.touch({ challenge, key, signal })
  const chosen = await chooseCredentials({ vault, checked, prepared, choices, deviceKey })
  const holderSecret = await vault.holderSecret()
  const facts: PresentationFacts = { holderSecret, context, origin, deviceKey, deviceSalt }
  const issuerKeys = await currentIssuerKeys(session, [...chosen.values()], signal)
  const answers: Answer[] = []
  for (const item of prepared.items) {
    answers.push(
      item.type === 'login'
        ? await answerLogin(prove, { item: item.id, facts }, options)
        : await answerCredential(
            prove,
            { ...facts, walletNonce, today: payload.today, item, ...heldFor(item, chosen, issuerKeys) },
            options,
          ),
    )
  }
  const presentation: Presentation = {
    version: 1,
    session: payload.session,
    walletNonce,
    keySet: payload.keySet,
    answers,
  }
  onProgress?.({ phase: 'send' })
  const { fetch } = session.environment
  const { responseUri: url, returnUri } = payload
  const code = await submitPresentation({ fetch, url, body: serializePresentation(presentation), signal })
  const presented = { code, returnUri, ...namedBy(prepared, answers) }
  if (prepared.items.some((item) => kindOf(item) === 'login')) {
    // The site has its answer: a name that cannot be written down must not lose the code that reads it.
    await rememberSite(session, origin, presented.nickname).catch(() => {})
  }
  return presented
}

function chooseKey(enrolled: readonly EnrolledAuthenticator[], wayIn: string | undefined): EnrolledAuthenticator {
  const key = enrolled.find(({ credentialId }) => wayIn === undefined || credentialId === wayIn)
  if (!key) throw new WalletError('touch_invalid', 'no such key is enrolled')
  return key
}

/** The credential for each item: the person's choice, or the first that answers it. */
async function chooseCredentials(options: {
  readonly vault: OpenVault
  readonly checked: CheckedRequest
  readonly prepared: PreparedRequest
  readonly choices: Readonly<Record<string, string>>
  readonly deviceKey: FieldElement
}): Promise<Map<string, HeldCredential>> {
  const { vault, checked, prepared, choices, deviceKey } = options
  const chosen = new Map<string, HeldCredential>()
  for (const item of prepared.items) {
    if (item.type === 'login') continue
    const ids = candidateIds(prepared.view, item.id)
    const choice = Object.hasOwn(choices, item.id) ? choices[item.id] : undefined
    if (choice !== undefined && !ids.includes(choice)) {
      throw new WalletError('credential_missing', 'the chosen credential cannot answer this item')
    }
    let reason: string | undefined
    for (const id of choice === undefined ? ids : [choice]) {
      const held = await openCredential(vault, id)
      reason = reasonAgainst(held, item, checked.payload.today, [deviceKey])
      if (reason) continue
      chosen.set(item.id, held)
      break
    }
    if (chosen.has(item.id)) continue
    if (reason === 'expired') throw new WalletError('credential_expired', 'the credential has expired')
    throw new WalletError('cannot_satisfy', 'no credential in this wallet answers the request')
  }
  return chosen
}

function candidateIds(view: RequestView, itemId: string): string[] {
  const ask = view.asks.find((candidate) => candidate.itemId === itemId)
  return ask?.kind === 'credential' ? ask.candidates.map(({ credentialId }) => credentialId) : []
}

/**
 * The signing key of each credential as its issuer lists it now, for the site's server compares with that list. Where
 * the issuer cannot be reached the key that was verified at receipt stands in: it is public, and the site decides.
 * Throws `issuer_key_gone`.
 */
async function currentIssuerKeys(
  session: WalletSession,
  credentials: readonly HeldCredential[],
  signal: AbortSignal | undefined,
): Promise<Map<HeldCredential, IssuerKey>> {
  const { fetch } = session.environment
  const keys = new Map<HeldCredential, IssuerKey>()
  await Promise.all(
    [...new Set(credentials)].map(async (held) => {
      const metadata = await fetchIssuerMetadata(held.credential.issuer, { fetch, signal, timeoutMs: 5_000 }).catch(
        (cause) => {
          if (cause instanceof WalletError && cause.code === 'issuer_unreachable') return undefined
          throw cause
        },
      )
      const key = metadata ? metadata.keys.find((candidate) => signed(candidate, held)) : held.issuerKey
      if (!key) throw new WalletError('issuer_key_gone', 'the issuer no longer lists the key behind this credential')
      keys.set(held, key)
    }),
  )
  return keys
}

function signed(key: IssuerKey, { credential, issuerKey }: HeldCredential): boolean {
  const samePoint = key.point[0] === issuerKey.point[0] && key.point[1] === issuerKey.point[1]
  return samePoint && key.notBefore <= credential.issuedAt && credential.issuedAt <= key.notAfter
}

function heldFor(
  item: CredentialItem,
  chosen: ReadonlyMap<string, HeldCredential>,
  issuerKeys: ReadonlyMap<HeldCredential, IssuerKey>,
): { held: HeldCredential; issuerKey: IssuerKey } {
  const held = chosen.get(item.id)
  const issuerKey = held && issuerKeys.get(held)
  if (!held || !issuerKey) throw new WalletError('credential_missing', 'an item has no credential')
  return { held, issuerKey }
}

async function answerLogin(
  prove: ProofMaker,
  { item, facts }: { item: string; facts: PresentationFacts },
  options: PresentOptions,
): Promise<Answer> {
  const { inputs, signals } = loginStatement(facts)
  const proof = await prove({ circuit: 'login-v1', inputs, signals: loginSignals(signals) }, options)
  const { nullifier, deviceTag, deviceCommitment } = signals
  return { circuit: 'login-v1', item, proof, nullifier, deviceTag, deviceCommitment }
}

async function answerCredential(
  prove: ProofMaker,
  facts: Parameters<typeof presentStatement>[0],
  options: PresentOptions,
): Promise<Answer> {
  const { inputs, signals } = presentStatement(facts)
  const proof = await prove({ circuit: 'present-v1', inputs, signals: presentSignals(signals) }, options)
  const { nullifier, link, credentialLink, deviceCommitment } = signals
  const { claims } = facts.held.credential
  const disclosed = Object.fromEntries(
    facts.item.predicates.flatMap(({ op, claim }) => {
      const value = op === '$sd' ? claims[claim] : undefined
      return value === undefined ? [] : [[claim, value]]
    }),
  )
  const item = facts.item.id
  return { circuit: 'present-v1', item, proof, nullifier, link, credentialLink, deviceCommitment, disclosed }
}

/** The name the site has for the person now; that of the act where it is asked for nothing else. */
function namedBy(
  { view, items }: PreparedRequest,
  answers: readonly Answer[],
): { nickname: string; learned: Learned[] } {
  const named = items.findIndex((item) => kindOf(item) === 'login')
  const answer = answers[Math.max(named, 0)]
  if (!answer) throw new WalletError('unexpected', 'a request without items was answered')
  const nickname = pseudonymOf(answer.nullifier)
  const learned = view.learned.map((entry): Learned => (entry.type === 'name' ? { type: 'name', nickname } : entry))
  return { nickname, learned }
}
