import { z } from 'zod'
import { parse } from './parse.ts'

/**
 * What a relying party's page and the wallet's window say to each other, always with exact origins on both sides.
 *
 * `ready` (wallet → page): the window listens. `request` (page → wallet): the signed request. `progress` (wallet → page):
 * the holder has touched the key; how far the proof may be by the time that has passed since, and by nothing else: how far
 * it truly is would say that the holder can answer, before there is an answer. `code` (wallet → page): the presentation
 * was accepted; the code reads the result once. `declined` (wallet → page): nothing will come; why is never said, so that
 * a site cannot tell a person who will not from one who cannot.
 */
export type WindowMessage =
  | { readonly type: 'touchstone:ready'; readonly version: 1 }
  | { readonly type: 'touchstone:request'; readonly version: 1; readonly jws: string }
  | {
      readonly type: 'touchstone:progress'
      readonly version: 1
      readonly phase: 'proving'
      /** 0 to 1; never goes back, and 1 is not reached before the end. */
      readonly progress: number
    }
  | { readonly type: 'touchstone:code'; readonly version: 1; readonly code: string }
  | { readonly type: 'touchstone:declined'; readonly version: 1 }

const version = z.literal(1)

/** The longest request that a wallet takes, as a compact JWS. */
export const MAX_REQUEST_CHARACTERS = 16_384

const messageShape = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('touchstone:ready'), version }),
  z.strictObject({
    type: z.literal('touchstone:request'),
    version,
    jws: z.string().min(1).max(MAX_REQUEST_CHARACTERS),
  }),
  z.strictObject({
    type: z.literal('touchstone:progress'),
    version,
    phase: z.literal('proving'),
    progress: z.number().min(0).max(1),
  }),
  z.strictObject({ type: z.literal('touchstone:code'), version, code: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
  z.strictObject({ type: z.literal('touchstone:declined'), version }),
])

/** Throws `message_invalid`. The sender's origin is the receiver's to check, before it calls this. */
export function parseWindowMessage(value: unknown): WindowMessage {
  return parse(messageShape, value, 'message_invalid')
}

/** Name of the wallet's window, so that one already open is used again. */
export const WALLET_WINDOW_NAME = 'touchstone'

/** The wallet's page for presentations, below its origin; its fragment is one of {@link WalletLink}. */
export const PRESENT_PATH = '/present'

/** The wallet's page for offers; fragment `issuer=<origin>&offer=<id>`. */
export const RECEIVE_PATH = '/receive'

/**
 * How a wallet's page learns what it is opened for. `from` announces the page that opened it and will send the request;
 * `request` carries the request itself, for a browser that opened no window, and the answer goes to its `returnUri`
 * with `#touchstone=<code>` (or `#touchstone=declined`).
 */
export type WalletLink = { readonly from: string } | { readonly request: string }

/** Key of the fragment that brings the answer back to a relying party's page. */
export const RETURN_FRAGMENT = 'touchstone'
