import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_HISTORY_PATH, serializeStatusHistory, statusListPath } from '../../src/protocol/status-history.ts'
import { IssuerError } from './issuer-error.ts'
import { KEEP_SUPERSEDED } from './status-epochs.ts'
import type { StatusStore } from './status-store.ts'

export type StatusRoutesOptions = {
  readonly status: StatusStore
  /** Makes sure that the newest epoch is fresh; never throws. */
  readonly beat: () => Promise<void>
  readonly clock: () => Date
}

/** The route of every `statusListPath(n)`. */
const LIST_ROUTE = statusListPath(0).replace(/0$/, ':epoch')

/**
 * The status history and the lists, for everyone to read and the same for everyone: a list that was made for one reader
 * would single out the proofs against it.
 */
export async function statusRoutes(app: FastifyInstance, { status, beat, clock }: StatusRoutesOptions): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
  })

  app.get(STATUS_HISTORY_PATH, async (request, reply) => {
    // The timer may be late: a machine that slept wakes with a list of yesterday.
    await beat()
    const body = JSON.stringify(serializeStatusHistory(await status.history(Math.floor(clock().getTime() / 1000))))
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8')
    return sendTagged(request, reply, { tag: createHash('sha256').update(body).digest('base64url'), body })
  })

  app.get<{ Params: { epoch: string } }>(LIST_ROUTE, async (request, reply) => {
    const { epoch } = request.params
    const packed = /^[1-9]\d{0,14}$/.test(epoch) ? await status.list(Number(epoch)) : undefined
    if (packed === undefined) throw new IssuerError('status_epoch_unknown')
    // No longer than the epoch can be asked for.
    reply.header('cache-control', `public, max-age=${KEEP_SUPERSEDED}, immutable`)
    reply.header('vary', 'Accept-Encoding').type('application/octet-stream')
    if (!acceptsGzip(request.headers['accept-encoding'])) {
      return sendTagged(request, reply, { tag: epoch, body: gunzipSync(packed) })
    }
    reply.header('content-encoding', 'gzip')
    return sendTagged(request, reply, { tag: `${epoch}-gzip`, body: Buffer.from(packed) })
  })
}

/** Answers 304 to who has it already (RFC 9110, section 13.1.2). */
function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { tag, body }: { tag: string; body: string | Buffer },
): FastifyReply {
  const etag = `"${tag}"`
  reply.header('etag', etag)
  const had = (request.headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  if (!had.includes(etag) && !had.includes('*')) return reply.send(body)
  return reply.removeHeader('content-encoding').code(304).send()
}

/** RFC 9110, section 12.5.3; a quality of 0 is a refusal. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .split(',')
    .map((coding) => coding.replaceAll(/\s/g, '').toLowerCase().split(';q='))
  const gzip = codings.find(([name]) => name === 'gzip') ?? codings.find(([name]) => name === '*')
  return gzip !== undefined && Number(gzip[1] ?? 1) > 0
}
