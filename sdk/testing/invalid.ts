import { randomField } from '../../src/protocol/field.ts'
import type { Answer, Presentation } from '../../src/protocol/presentation.ts'
import { actionOf, itemsOf, kindOf, partsOf, type QueryItem } from '../../src/protocol/query.ts'
import { PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { isHolderTied } from '../../src/verifier/holder-tie.ts'
import type { TestKeySet } from './key-set.ts'
import type { TestPerson } from './person.ts'
import type { OpenSession, SiteClient } from './site-session.ts'

/** What a trick has at hand: a session, the answer of an honest wallet to it, and the means to make and send others. */
export type Attempt = {
  readonly site: SiteClient
  readonly keySet: TestKeySet
  readonly session: OpenSession
  readonly presentation: Presentation
  readonly person: TestPerson
  /** Another session of the same request. */
  readonly openAnother: () => Promise<OpenSession>
  /** An honest answer. `items`: which are answered; a way to answer the query unless given. */
  readonly answer: (
    session: OpenSession,
    changes?: { person?: TestPerson; items?: readonly string[] },
  ) => Promise<Presentation>
  /** Turns the clock; seconds. */
  readonly wait: (seconds: number) => void
}

export type Trick = {
  /** What the request must have for the trick to be possible at all. */
  readonly needs?: string
  /** Undefined where the request does not have it. */
  readonly play: (attempt: Attempt) => Promise<Response> | undefined
}

/** Each way to be refused that a test can ask for, by the code of the refusal. */
export const INVALID_PRESENTATIONS = {
  session_mismatch: trick(async ({ site, presentation, openAnother }) =>
    site.send(presentation, { session: (await openAnother()).session }),
  ),
  key_set_mismatch: changed((presentation) => ({ ...presentation, keySet: 'B'.repeat(43) })),
  item_unknown: changed((presentation) => withFirst(presentation, { item: 'neverAsked' })),
  item_repeated: changed(({ answers, ...presentation }) => ({
    ...presentation,
    answers: [...answers, ...answers.slice(0, 1)],
  })),
  circuit_mismatch: changed(
    ({ answers: [first, ...rest], ...presentation }) =>
      first && { ...presentation, answers: [otherCircuit(first), ...rest] },
  ),
  part_unknown: changed((presentation, items) => {
    return withPresent(presentation, (answer) => ({ part: partsOf(itemOf(items, answer)).length }))
  }, 'an item that is answered by a credential'),
  query_unanswered: changed(({ answers, ...presentation }) => {
    return answers.length > 1 ? { ...presentation, answers: answers.slice(1) } : undefined
  }, 'more than one proof'),
  epochs_mismatch: changed(({ epochs, ...presentation }, _items, { person }) => ({
    ...presentation,
    epochs: epochs.length > 0 ? epochs.slice(1) : [{ issuer: person.issuer.metadata.origin, epoch: 1 }],
  })),
  device_mismatch: changed((presentation) => {
    return presentation.answers.length > 1 ? withFirst(presentation, { deviceCommitment: randomField() }) : undefined
  }, 'more than one proof'),
  link_mismatch: changed((presentation) => {
    return countPresent(presentation) > 1 ? withPresent(presentation, () => ({ link: randomField() })) : undefined
  }, 'more than one proof of a credential'),
  nullifier_mismatch: changed((presentation, items) => {
    const names = presentation.answers.map((answer) => nameOf(itemOf(items, answer)))
    const place = names.findIndex((name, index) => names.indexOf(name) !== index)
    return place < 0 ? undefined : withAnswer(presentation, place, { nullifier: randomField() })
  }, 'two proofs that give one name'),
  credential_mismatch: changed((presentation) => {
    const place = presentation.answers.findIndex((answer) => answer.circuit === 'present-v1' && answer.part === 1)
    return place < 0 ? undefined : withAnswer(presentation, place, { credentialLink: randomField() })
  }, 'an item of more than four predicates'),
  holder_untied: {
    needs: 'an `any` of a login and an act that is once only, in which no credential is asked for besides',
    play: ({ site, session, answer }) => {
      const items = itemsOf(session.request.query)
      if (isHolderTied(items)) return undefined
      return answer(session, { items: items.map(({ id }) => id) }).then((presentation) => site.send(presentation))
    },
  },
  proof_malformed: changed((presentation) => withFirst(presentation, { proof: new Uint8Array(128) })),
  status_epoch_unknown: changed(({ epochs: [first, ...rest], ...presentation }) => {
    return first && { ...presentation, epochs: [{ ...first, epoch: first.epoch + 1000 }, ...rest] }
  }, 'an item that is answered by a credential'),
  disclosure_mismatch: changed((presentation) => {
    return withPresent(presentation, ({ disclosed }) => ({ disclosed: { ...disclosed, neverAsked: 1 } }))
  }, 'an item that is answered by a credential'),
  proof_invalid: changed((presentation, _items, { keySet }) => {
    const circuit = presentation.answers[0]?.circuit ?? 'login-v1'
    const ofOtherSignals = keySet.simulate(
      circuit,
      PUBLIC_SIGNALS[circuit].map(() => randomField()),
    )
    return withFirst(presentation, { proof: ofOtherSignals })
  }),
  session_expired: trick(({ site, session, presentation, wait }) => {
    wait(session.request.exp - session.request.iat)
    return site.send(presentation)
  }),
  session_cancelled: trick(async ({ site, session, presentation }) => {
    await site.decline(session.session)
    return site.send(presentation)
  }),
  challenge_used: trick(async ({ site, session, presentation, answer }) => {
    await site.send(presentation)
    return site.send(await answer(session))
  }),
  device_unknown: {
    needs: 'a login',
    play: ({ site, session, presentation, person, answer, openAnother }) => {
      if (!presentation.answers.some(({ circuit }) => circuit === 'login-v1')) return undefined
      const stolen = { ...person, deviceKey: randomField() }
      return openAnother()
        .then(async (first) => site.send(await answer(first)))
        .then(async () => site.send(await answer(session, { person: stolen })))
    },
  },
  nullifier_used: {
    needs: 'an act that is once only',
    play: ({ site, session, presentation, answer, openAnother }) => {
      const items = itemsOf(session.request.query)
      if (!presentation.answers.some((answer) => actionOf(itemOf(items, answer)) !== '')) return undefined
      return openAnother()
        .then(async (first) => site.send(await answer(first)))
        .then(() => site.send(presentation))
    },
  },
  session_unknown: trick(({ site, presentation }) => site.send({ ...presentation, session: 'never-opened' })),
  presentation_invalid: trick(({ site, presentation }) => site.send(presentation, { body: '{"version":1}' })),
  body_invalid: trick(({ site, presentation }) => site.send(presentation, { body: '{' })),
  body_too_large: trick(({ site, presentation }) => site.send(presentation, { body: ' '.repeat(20_000) })),
  content_type_invalid: trick(({ site, presentation }) => site.send(presentation, { contentType: 'text/plain' })),
  origin_forbidden: trick(({ site, presentation }) => site.send(presentation, { origin: 'https://elsewhere.example' })),
} as const satisfies Record<string, Trick>

/** A name of {@link INVALID_PRESENTATIONS}: the code by which the site must refuse. */
export type InvalidPresentation = keyof typeof INVALID_PRESENTATIONS

function trick(play: (attempt: Attempt) => Promise<Response>): Trick {
  return { play }
}

/** One change to what an honest wallet sends; undefined where it cannot be made. */
function changed(
  change: (presentation: Presentation, items: readonly QueryItem[], attempt: Attempt) => Presentation | undefined,
  needs?: string,
): Trick {
  const play: Trick['play'] = (attempt) => {
    const forged = change(attempt.presentation, itemsOf(attempt.session.request.query), attempt)
    return forged && attempt.site.send(forged)
  }
  return needs === undefined ? { play } : { needs, play }
}

function withAnswer(presentation: Presentation, place: number, changes: Partial<Answer>): Presentation {
  // The members that are changed are those of the answer's own circuit.
  const answers = presentation.answers.map((answer, at) =>
    at === place ? ({ ...answer, ...changes } as Answer) : answer,
  )
  return { ...presentation, answers }
}

function withFirst(presentation: Presentation, changes: Partial<Answer>): Presentation {
  return withAnswer(presentation, 0, changes)
}

type PresentAnswer = Extract<Answer, { circuit: 'present-v1' }>

/** With the last proof of a credential changed, if there is one. */
function withPresent(
  presentation: Presentation,
  change: (answer: PresentAnswer) => Partial<PresentAnswer>,
): Presentation | undefined {
  const place = presentation.answers.findLastIndex(({ circuit }) => circuit === 'present-v1')
  const answer = presentation.answers[place]
  return answer?.circuit === 'present-v1' ? withAnswer(presentation, place, change(answer)) : undefined
}

function countPresent({ answers }: Presentation): number {
  return answers.filter(({ circuit }) => circuit === 'present-v1').length
}

function otherCircuit(answer: Answer): Answer {
  const { item, proof, nullifier, deviceCommitment } = answer
  const shared = { item, proof, nullifier, deviceCommitment }
  if (answer.circuit === 'present-v1') return { circuit: 'login-v1', ...shared, deviceTag: randomField() }
  const links = { link: randomField(), credentialLink: randomField() }
  return { circuit: 'present-v1', ...shared, ...links, part: 0, disclosed: {} }
}

function itemOf(items: readonly QueryItem[], answer: Answer): QueryItem {
  const item = items.find(({ id }) => id === answer.item)
  if (!item) throw new Error(`the request has no item ${answer.item}`)
  return item
}

function nameOf(item: QueryItem): string {
  return JSON.stringify([kindOf(item), actionOf(item)])
}
