import type { FastifyInstance, FastifyReply } from 'fastify'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import type { Claims } from '../../src/protocol/claim.ts'
import { type Day, dayOf } from '../../src/protocol/day.ts'
import type { Offer } from '../../src/protocol/issuance.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { type Schema, schemaHash } from '../../src/protocol/schema.ts'
import { RECEIVE_PATH } from '../../src/protocol/window-message.ts'
import type { Html } from '../html.ts'
import type { IssuanceStore } from './issuance-store.ts'
import { IssuerError } from './issuer-error.ts'
import { formPage, offerPage } from './pages.ts'
import { type FormValues, newFormValues, readPersonForm } from './person-form.ts'

export type PageRoutesOptions = {
  readonly origin: Origin
  readonly walletOrigin: Origin
  readonly issuerName: string
  readonly schema: Schema
  readonly keySet: string
  readonly store: IssuanceStore
  readonly clock: () => Date
}

/** An offer's life in seconds. */
export const OFFER_LIFE = 600

const OFFERS_A_MINUTE = 60

/** The pages for people: the form at `/`, sent to `POST /offers`, which leads to the offer's link. */
export async function pageRoutes(app: FastifyInstance, options: PageRoutesOptions): Promise<void> {
  const { origin, walletOrigin, issuerName, schema, store, clock } = options
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  app.get('/', (_request, reply) => {
    const values = newFormValues(dayOf(clock()))
    return sendPage(reply, formPage({ issuerName, schema, values, problems: {} }))
  })

  app.post<{ Body: FormValues | undefined }>(
    '/offers',
    { config: { rateLimit: { max: OFFERS_A_MINUTE, timeWindow: '1 minute' } } },
    async (request, reply) => {
      if (request.headers.origin !== origin) throw new IssuerError('origin_forbidden')
      const now = clock()
      const values = request.body ?? {}
      const form = readPersonForm(schema, values, dayOf(now))
      if (!form.ok) {
        return sendPage(reply.code(422), formPage({ issuerName, schema, values, problems: form.problems }))
      }
      const offer = newOffer({ ...options, ...form, today: dayOf(now), now: seconds(now) })
      await store.addOffer(offer, seconds(now))
      return reply.redirect(`/offered/${offer.id}`, 303)
    },
  )

  app.get<{ Params: { id: string } }>('/offered/:id', async (request, reply) => {
    const { id, expires } = await store.openOffer(request.params.id, seconds(clock()))
    const link = `${walletOrigin}${RECEIVE_PATH}#${new URLSearchParams({ issuer: origin, offer: id })}`
    return sendPage(reply, offerPage({ issuerName, link, wallet: new URL(walletOrigin).host, expires }))
  })
}

/** Answers with a page. */
export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page.text)
}

function newOffer(options: {
  origin: Origin
  schema: Schema
  keySet: string
  claims: Claims
  validUntil: Day
  today: Day
  now: number
}): Offer {
  const { origin, schema, keySet, claims, validUntil, today, now } = options
  return {
    version: 1,
    id: toBase64url(randomBytes(16)),
    issuer: origin,
    schema: schemaHash(schema),
    claims,
    validFrom: today,
    validUntil,
    nonce: toBase64url(randomBytes(32)),
    expires: now + OFFER_LIFE,
    keySet,
  }
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
