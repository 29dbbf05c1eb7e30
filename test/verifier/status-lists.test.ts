import { beforeEach, describe, expect, it } from 'vitest'
import type { Presentation } from '../../src/protocol/presentation.ts'
import { FIRST_EPOCH_AT, makeIssuer, type TestIssuer } from '../fixtures/issuer.ts'
import { type Case, ISSUER, LOGIN, makeCase, NOW, OVER_18 } from './case.ts'

const CLOCK_TOLERANCE = 60
const DAY = 86_400

let other: TestIssuer
let adult: Case
beforeEach(async () => {
  other = makeIssuer({ origin: 'https://other.example' })
  adult = await makeCase({ ...OVER_18, issuers: [ISSUER, other.metadata.origin] }, { others: [other] })
})

function withEpochs(epochs: Presentation['epochs'], { presentation, statusOf }: Case = adult) {
  return statusOf({ presentation: { ...presentation, epochs } })
}

describe('the status lists that a presentation names', () => {
  it('are those of each issuer that the item names, in any order', () => {
    const { epochs } = adult.presentation
    expect(epochs).toEqual([
      { issuer: ISSUER, epoch: 1 },
      { issuer: other.metadata.origin, epoch: 1 },
    ])
    expect(adult.statusOf({})).toBe('VALID')
    expect(withEpochs(epochs.toReversed())).toBe('VALID')
  })

  it('are not fewer, the credential’s own issuer alone among them', () => {
    const [own, second] = adult.presentation.epochs
    if (!own || !second) throw new Error('expected two epochs')
    expect(withEpochs([own])).toBe('EPOCHS_MISMATCH')
    expect(withEpochs([second])).toBe('EPOCHS_MISMATCH')
    expect(withEpochs([])).toBe('EPOCHS_MISMATCH')
  })

  it('are not more: one of an issuer twice, or of another', () => {
    const { epochs } = adult.presentation
    const [own] = epochs
    if (!own) throw new Error('expected an epoch')
    expect(withEpochs([...epochs, own])).toBe('EPOCHS_MISMATCH')
    expect(withEpochs([own, own])).toBe('EPOCHS_MISMATCH')
    expect(
      withEpochs([...epochs, { issuer: makeIssuer({ origin: 'https://third.example' }).metadata.origin, epoch: 1 }]),
    ).toBe('EPOCHS_MISMATCH')
  })

  it('are none for a login', async () => {
    const login = await makeCase(LOGIN)
    expect(login.statusOf({})).toBe('VALID')
    expect(withEpochs([{ issuer: ISSUER, epoch: 1 }], login)).toBe('EPOCHS_MISMATCH')
  })

  it('are only of the items that were answered', async () => {
    const elsewhere = { ...OVER_18, id: 'elsewhere', issuers: [other.metadata.origin] }
    const either = await makeCase({ any: [OVER_18, elsewhere] }, { items: ['adult'], others: [other] })
    expect(either.presentation.epochs).toEqual([{ issuer: ISSUER, epoch: 1 }])
    const { metadata, status } = either.person.issuer
    // Of the other nothing need be known.
    const known = {
      issuers: (origin: string) => (origin === ISSUER ? metadata : undefined),
      histories: (origin: string) => (origin === ISSUER ? status.history() : undefined),
    }
    expect(either.statusOf(known)).toBe('VALID')
    expect(withEpochs([...either.presentation.epochs, { issuer: other.metadata.origin, epoch: 1 }], either)).toBe(
      'EPOCHS_MISMATCH',
    )
  })

  it('are known to their issuers', () => {
    const [own, second] = adult.presentation.epochs
    if (!own || !second) throw new Error('expected two epochs')
    expect(withEpochs([{ ...own, epoch: 2 }, second])).toBe('STATUS_EPOCH_UNKNOWN')
    expect(withEpochs([own, { ...second, epoch: 2 }])).toBe('STATUS_EPOCH_UNKNOWN')
  })

  it('are at hand: without the history of one issuer nothing is accepted', () => {
    for (const missing of [ISSUER, other.metadata.origin]) {
      const histories: Case['input']['histories'] = (origin) =>
        origin === missing ? undefined : adult.input.histories(origin)
      expect(adult.statusOf({ histories })).toBe('ISSUER_UNKNOWN')
    }
  })

  it('are those that the proof was made against', () => {
    other.status.publish(NOW, [7])
    const [own, second] = adult.presentation.epochs
    if (!own || !second) throw new Error('expected two epochs')
    expect(adult.statusOf({})).toBe('VALID')
    expect(withEpochs([own, { ...second, epoch: 2 }])).toBe('PROOF_INVALID')
  })
})

describe('the keys of an issuer', () => {
  const { key } = makeIssuer()

  it('are those of the epoch that was proved against, for as long as its grace lasts', () => {
    const { metadata, status } = adult.person.issuer
    for (const keys of [[...status.keys, key], [key]]) {
      status.keys = keys
      status.publish(NOW)
      expect(
        adult.statusOf({ issuers: (origin) => (origin === ISSUER ? { ...metadata, keys } : other.metadata) }),
      ).toBe('VALID')
    }
    expect(adult.statusOf({ now: NOW + 600 })).toBe('VALID')
    expect(adult.statusOf({ now: NOW + 601 })).toBe('STATUS_LIST_SUPERSEDED')
  })

  it('are no others: those of the next epoch make another question', () => {
    const { status } = adult.person.issuer
    status.publish(NOW)
    const [own, second] = adult.presentation.epochs
    if (!own || !second) throw new Error('expected two epochs')
    expect(withEpochs([{ ...own, epoch: 2 }, second])).toBe('VALID')
    status.keys = [...status.keys, key]
    status.publish(NOW)
    expect(withEpochs([{ ...own, epoch: 3 }, second])).toBe('PROOF_INVALID')
  })
})

describe('the age of a status list', () => {
  it('may be superseded for as long as the grace lasts, and not a second longer', () => {
    adult.person.issuer.status.publish(NOW, [7])
    expect(adult.statusOf({ now: NOW + 600 })).toBe('VALID')
    expect(adult.statusOf({ now: NOW + 601 })).toBe('STATUS_LIST_SUPERSEDED')
    expect(adult.statusOf({ now: NOW, statusGrace: 0 })).toBe('VALID')
    expect(adult.statusOf({ now: NOW + 1, statusGrace: 0 })).toBe('STATUS_LIST_SUPERSEDED')
  })

  it('counts for each issuer that is named, since any of them may have signed', () => {
    other.status.publish(NOW)
    expect(adult.statusOf({ now: NOW + 600 })).toBe('VALID')
    expect(adult.statusOf({ now: NOW + 601 })).toBe('STATUS_LIST_SUPERSEDED')
  })

  it('is a day and the tolerance of clocks, unless the item says less', async () => {
    const end = FIRST_EPOCH_AT + DAY + CLOCK_TOLERANCE
    expect(adult.statusOf({ now: end })).toBe('VALID')
    expect(adult.statusOf({ now: end + 1 })).toBe('STATUS_LIST_STALE')
    const fresh = await makeCase({ ...OVER_18, notRevokedWithin: 3600 })
    const sooner = FIRST_EPOCH_AT + 3600 + CLOCK_TOLERANCE
    expect(fresh.statusOf({ now: sooner })).toBe('VALID')
    expect(fresh.statusOf({ now: sooner + 1 })).toBe('STATUS_LIST_STALE')
  })

  it('is judged by the strictest of the answered items', async () => {
    const strict = { ...OVER_18, id: 'strict', notRevokedWithin: 3600 }
    const both = await makeCase({ all: [OVER_18, strict] })
    const end = FIRST_EPOCH_AT + 3600 + CLOCK_TOLERANCE
    expect(both.statusOf({ now: end })).toBe('VALID')
    expect(both.statusOf({ now: end + 1 })).toBe('STATUS_LIST_STALE')
  })

  it('is not below zero, but for the tolerance of clocks', () => {
    expect(adult.statusOf({ now: FIRST_EPOCH_AT - CLOCK_TOLERANCE })).toBe('VALID')
    expect(adult.statusOf({ now: FIRST_EPOCH_AT - CLOCK_TOLERANCE - 1 })).toBe('STATUS_EPOCH_UNKNOWN')
  })
})
