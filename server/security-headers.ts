import type { FastifyHelmetOptions } from '@fastify/helmet'

/** What differs between our pages; all else about their headers is the same. */
export type PageHeaders = {
  /** CSP directives. Whatever is not named stays closed by `default-src 'none'`. */
  readonly contentSecurityPolicy: Readonly<Record<string, readonly string[]>>
  /** `same-origin` where forms are posted (with `no-referrer` browsers send them with `Origin: null`). */
  readonly referrerPolicy: 'no-referrer' | 'same-origin'
  /** Whether other origins may load this origin's responses by fetch or as images; CORS decides what they read. */
  readonly resourcePolicy: 'same-origin' | 'cross-origin'
  readonly openerPolicy: 'unsafe-none' | 'same-origin-allow-popups'
  /** True where the origin is https; browsers ignore the header elsewhere. */
  readonly https: boolean
}

/** Options for @fastify/helmet: sent with every response, errors and files included. */
export function securityHeaders(page: PageHeaders): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        ...copy(page.contentSecurityPolicy),
      },
    },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: page.openerPolicy },
    crossOriginResourcePolicy: { policy: page.resourcePolicy },
    referrerPolicy: { policy: page.referrerPolicy },
    strictTransportSecurity: page.https ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
  }
}

/** The wallet alone may run WebAuthn; nobody needs camera, place or payment. */
export function permissionsPolicy(options: { webauthn: boolean }): string {
  const webauthn = options.webauthn ? 'self' : ''
  return [
    `publickey-credentials-create=(${webauthn})`,
    `publickey-credentials-get=(${webauthn})`,
    'camera=()',
    'geolocation=()',
    'microphone=()',
    'payment=()',
    'usb=()',
  ].join(', ')
}

function copy(directives: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(directives).map(([name, sources]) => [name, [...sources]]))
}
