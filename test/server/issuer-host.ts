import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureKeySet, type KeySet } from '../../scripts/keys.ts'
import { createIssuer, type Issuer, type IssuerOptions } from '../../server/issuer/issuer.ts'
import { listen } from '../../server/listen.ts'
import { readKeySet } from '../../server/read-key-set.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'

/** An issuer that answers over HTTP on a free port, with a clock that a test can move. */
export type IssuerHost = {
  readonly origin: Origin
  readonly walletOrigin: Origin
  readonly issuer: Issuer
  readonly keys: KeySet
  readonly directory: string
  readonly failures: unknown[]
  now: Date
  readonly close: () => Promise<void>
}

/** When an issuer's clock begins. */
export const NOON = new Date('2026-11-20T12:00:00Z')

/** Somebody, as the issuer's form has them. */
export const PERSON = {
  givenName: 'Robin',
  familyName: 'Ashdown',
  birthDate: '2008-02-29',
  nationality: 'NL',
  residence: 'BE',
  documentNumber: 'TS1234567',
  birthPlace: '',
  validUntil: '2028-11-19',
}

export const WALLET_ORIGIN = parseOrigin('http://wallet.localhost:4400')

/** `directory` is an issuer's from before; it is left where it is. Without one, a new one is removed in the end. */
export async function startIssuer(
  options: Partial<Pick<IssuerOptions, 'directory' | 'name' | 'schema'>> & { port?: number } = {},
): Promise<IssuerHost> {
  const keys = await ensureKeySet({ origin: 'development' })
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'touchstone-issuer-'))
  const assets = mkdtempSync(join(tmpdir(), 'touchstone-assets-'))
  writeFileSync(join(assets, 'style.css'), 'body { margin: 0 }')
  const listener = await listen(options.port ?? 0)
  const origin = parseOrigin(`http://issuer.localhost:${listener.port}`)
  const failures: unknown[] = []
  const host = { now: NOON }
  const issuer = await createIssuer({
    ...options,
    origin,
    walletOrigins: [WALLET_ORIGIN],
    keySet: await readKeySet({ directory: keys.directory, allowDevelopment: true }),
    directory,
    assets,
    clock: () => host.now,
    onFailure: (error) => failures.push(error),
  })
  await issuer.app.ready()
  listener.serve((request, response) => issuer.app.routing(request, response))
  return Object.assign(host, {
    origin,
    walletOrigin: WALLET_ORIGIN,
    issuer,
    keys,
    directory,
    failures,
    close: async () => {
      await listener.close()
      await issuer.close()
      if (options.directory === undefined) rmSync(directory, { recursive: true })
      rmSync(assets, { recursive: true })
    },
  })
}
