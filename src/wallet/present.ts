import { deviceCommitment, deviceKeyHash } from '../protocol/device.ts'
import { randomField } from '../protocol/field.ts'
import { type Answer, type Presentation, serializePresentation } from '../protocol/presentation.ts'
import { presentationChallenge } from '../protocol/presentation-challenge.ts'
import { pseudonymOf } from '../protocol/pseudonym.ts'
import { kindOf, partsOf } from '../protocol/query.ts'
import { CLOCK_TOLERANCE } from '../protocol/request.ts'
import type { EnrolledAuthenticator } from '../vault/index.ts'
import { answerCredential, answerLogin } from './answers.ts'
import { askIssuers } from './ask-issuers.ts'
import type { Ceremony } from './ceremony.ts'
import { choicesFor, openChosen } from './choose-credentials.ts'
import type { PresentationFacts } from './circuit-inputs.ts'
import { secondsOf } from './environment.ts'
import type { ProofMaker } from './own-proof.ts'
import type { CheckedRequest } from './request.ts'
import type { PreparedAlternative } from './request-view.ts'
import type { WalletSession } from './session.ts'
import { rememberSite } from './sites.ts'
import type { StatusLists } from './status-lists.ts'
import { reportState, submitPresentation } from './submit.ts'
import type { Learned, Presented, PresentOptions, Progress } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/**
 * Answers one alternative of a request with one touch, in this order: it is still alive; the touch, over this context,
 * wallet nonce and key; the credential that the person was shown for each item; the status lists of every issuer that
 * the items name; the proofs, each verified here; the site.
 * A lock before the last step ends it with `wallet_locked`. Only the last step sends anything about the holder; that there
 * was a touch is reported before it is known whether the credentials can answer. The touch is the wallet's own rule: the assertion is checked here and not sent, for it would name the key.
 *
 * Throws `request_expired`, `cannot_satisfy`, `credential_missing`, `credential_expired`, `credential_revoked`,
 * `issuer_key_unknown`, `issuers_too_many`, `wallet_locked`, `own_proof_invalid`, `site_unreachable`, `site_refused`,
 * `site_answer_invalid`, and what status lists, touch, prover and vault throw.
 */
export async function present(
  work: {
    readonly session: WalletSession
    readonly proofs: ProofMaker
    readonly ceremony: Ceremony
    readonly lists: StatusLists
  },
  { payload, context, origin }: CheckedRequest,
  picked: PreparedAlternative,
  options: PresentOptions,
): Promise<Presented> {
  const { session, proofs, ceremony, lists } = work
  const { random } = session.environment
  const { signal } = ceremony
  const { onProgress, onTouched, choices = {} } = options
  if (payload.exp + CLOCK_TOLERANCE < secondsOf(session.environment)) {
    throw new WalletError('request_expired', 'the request has expired')
  }
  const chosen = choicesFor(picked, choices)
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
  const { fetch } = session.environment
  const { responseUri, returnUri } = payload
  reportState({ fetch, responseUri, state: 'PROVING' })
  onTouched?.()
  const held = await openChosen(chosen, { vault, today: payload.today, deviceKey })
  const holderSecret = await vault.holderSecret()
  const facts: PresentationFacts = { holderSecret, context, origin, deviceKey, deviceSalt }
  const issuers = await askIssuers(lists, held, { ...options, signal })
  const tasks = picked.items.flatMap((item) => partsOf(item).map((_, part) => ({ item, part })))
  const answers: Answer[] = []
  for (const [place, { item, part }] of tasks.entries()) {
    const making = { signal, onProgress: countProofs(onProgress, { loaded: place + 1, total: tasks.length }) }
    answers.push(
      item.type === 'login'
        ? await answerLogin(proofs, { item: item.id, facts }, making)
        : await answerCredential(
            proofs,
            { ...facts, ...issuers.standing(item), walletNonce, today: payload.today, item, part },
            making,
          ),
    )
  }
  const presentation: Presentation = {
    version: 1,
    session: payload.session,
    walletNonce,
    keySet: payload.keySet,
    epochs: issuers.epochs,
    answers,
  }
  onProgress?.({ phase: 'send' })
  const body = serializePresentation(presentation)
  ceremony.send({ keeps: false })
  const code = await submitPresentation({ fetch, url: responseUri, body, signal })
  const presented = { code, returnUri, ...namedBy(picked, answers) }
  if (picked.items.some((item) => kindOf(item) === 'login')) {
    // The site has its answer: a name that cannot be written down must not lose the code that reads it.
    await rememberSite(session, origin, presented.nickname).catch(() => {})
  }
  return presented
}

/** Says with each phase of a proof which proof it is of. */
function countProofs(onProgress: PresentOptions['onProgress'], count: { loaded: number; total: number }) {
  return (progress: Progress) => {
    const { phase } = progress
    const isOfProof = phase === 'witness' || phase === 'prove' || phase === 'check'
    onProgress?.(isOfProof ? { phase, ...count } : progress)
  }
}

function chooseKey(enrolled: readonly EnrolledAuthenticator[], wayIn: string | undefined): EnrolledAuthenticator {
  const key = enrolled.find(({ credentialId }) => wayIn === undefined || credentialId === wayIn)
  if (!key) throw new WalletError('touch_invalid', 'no such key is enrolled')
  return key
}

/** The name the site has for the person now; that of the act where it is asked for nothing else. */
function namedBy(
  { view, items }: PreparedAlternative,
  answers: readonly Answer[],
): { nickname: string; learned: Learned[] } {
  const named = items.find((item) => kindOf(item) === 'login') ?? items[0]
  const answer = answers.find(({ item }) => item === named?.id)
  if (!answer) throw new WalletError('unexpected', 'a request without items was answered')
  const nickname = pseudonymOf(answer.nullifier)
  const learned = view.learned.map((entry): Learned => (entry.type === 'name' ? { type: 'name', nickname } : entry))
  return { nickname, learned }
}
