import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import { sendWebResponse, toAsked } from './node-bridge.ts'
import { answerRequest, errorResponse, findRoute } from './routes.ts'

/** A web-standard request could not even be made of some others, such as TRACE: nobody is answered them. */
const METHODS: readonly (string | undefined)[] = ['GET', 'HEAD', 'POST', 'OPTIONS']

/** Answers a request of Node's for one of the SDK's addresses; false for any other. Every failure is an answer. */
export async function answerIncoming(
  deployment: Deployment,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<boolean> {
  const path = (incoming.url ?? '/').replace(/\?.*$/s, '')
  if (!findRoute(path)) return false
  try {
    if (!METHODS.includes(incoming.method)) throw serverError('method_not_allowed')
    // Nothing is left of it to be read again, and an empty body would be refused for another reason.
    if (incoming.readableDidRead) throw serverError('body_already_read')
    const response = await answerRequest(deployment, toAsked(incoming, deployment.config.origin))
    if (!response) return false
    await sendWebResponse(response, incoming, outgoing)
  } catch (error) {
    const response = errorResponse(error, deployment)
    // Half an answer cannot be taken back.
    if (outgoing.headersSent) outgoing.destroy()
    else await sendWebResponse(response, incoming, outgoing)
  }
  return true
}
