import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createForum } from '../../demo/forum/forum.ts'
import { createWineShop } from '../../demo/wine/shop.ts'
import { atOrigin } from '../../server/at-origin.ts'
import { createIssuer, PERSON_SCHEMA } from '../../server/issuer/issuer.ts'
import { type Listener, listen } from '../../server/listen.ts'
import { readKeySet } from '../../server/read-key-set.ts'
import { createWalletHost } from '../../server/wallet-host.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import type { KeySet } from '../keys.ts'
import { DEFAULT_PORTS, NAMES, type Name, type Ports } from './ports.ts'

export type Origins = Readonly<Record<Name, Origin>>

export type StartOptions = {
  /** {@link DEFAULT_PORTS} unless given; 0 takes a free one. */
  readonly ports?: Ports
  /** Keys and databases of the servers, a folder for each; made when missing. */
  readonly dataDirectory: string
  /** The key set that all of them work under; the built wallet must be the one for it. */
  readonly keySet: Pick<KeySet, 'hash' | 'directory' | 'manifest'>
  /** Built pages: `wallet/`, `issuer/`, `forum/`, `wine/`. */
  readonly dist: string
  readonly clock?: () => Date
  /** Say nothing of failures inside the servers. */
  readonly quiet?: boolean
}

export type Running = { readonly origins: Origins; readonly close: () => Promise<void> }

/** The origin of one server. */
export function originAt(name: Name, port: number): Origin {
  return parseOrigin(`http://${name}.localhost:${port}`)
}

/** The origins that stand on these ports. */
export function originsAt({ wallet, issuer, forum, wine }: Ports): Origins {
  return {
    wallet: originAt('wallet', wallet),
    issuer: originAt('issuer', issuer),
    forum: originAt('forum', forum),
    wine: originAt('wine', wine),
  }
}

/** Holds all four ports or none. Throws PortInUseError. */
export async function listenAll(ports: Ports = DEFAULT_PORTS): Promise<Readonly<Record<Name, Listener>>> {
  const open: Listener[] = []
  try {
    const at = async (name: Name) => {
      const listener = await listen(ports[name])
      open.push(listener)
      return listener
    }
    return { wallet: await at('wallet'), issuer: await at('issuer'), forum: await at('forum'), wine: await at('wine') }
  } catch (error) {
    await Promise.all(open.map((listener) => listener.close()))
    throw error
  }
}

/** Puts the servers behind ports that are held already; if one of them cannot start, the ports are given back. */
export async function serveAll(
  listeners: Readonly<Record<Name, Listener>>,
  options: Omit<StartOptions, 'ports'>,
): Promise<Running> {
  const portOf = (name: Name) => listeners[name].port
  const origins = originsAt({
    wallet: portOf('wallet'),
    issuer: portOf('issuer'),
    forum: portOf('forum'),
    wine: portOf('wine'),
  })
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    await Promise.all(NAMES.map((name) => listeners[name].close()))
    await Promise.all(closers.map((closer) => closer()))
  }
  const serve = async (name: Name, app: FastifyInstance, closer: () => Promise<unknown>) => {
    closers.push(closer)
    await app.ready()
    listeners[name].serve(atOrigin(origins[name], (request, response) => app.routing(request, response)))
  }
  try {
    await createServers(origins, options, serve)
  } catch (error) {
    await close()
    throw error
  }
  return { origins, close }
}

async function createServers(
  origins: Origins,
  options: Omit<StartOptions, 'ports'>,
  serve: (name: Name, app: FastifyInstance, closer: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const { dataDirectory, keySet, dist, clock = () => new Date(), quiet = false } = options
  const onFailure = (error: unknown) => {
    if (!quiet) console.error(error)
  }
  const allowDevelopmentKeys = keySet.manifest.origin === 'development'

  const wallet = await createWalletHost({ origin: origins.wallet, build: join(dist, 'wallet'), keySet })
  await serve('wallet', wallet, () => wallet.close())

  const issuer = await createIssuer({
    origin: origins.issuer,
    walletOrigins: [origins.wallet],
    keySet: await readKeySet({ directory: keySet.directory, allowDevelopment: allowDevelopmentKeys }),
    directory: join(dataDirectory, 'issuer'),
    assets: join(dist, 'issuer'),
    clock,
    onFailure,
  })
  await serve('issuer', issuer.app, issuer.close)

  const siteOptions = (name: 'forum' | 'wine') => ({
    origin: origins[name],
    walletOrigin: origins.wallet,
    keySet: keySet.directory,
    directory: join(dataDirectory, name),
    assets: join(dist, name),
    clock,
    allowDevelopmentKeys,
    onFailure,
  })
  const forum = await createForum(siteOptions('forum'))
  await serve('forum', forum.app, forum.close)

  const person = { issuer: origins.issuer, schema: schemaHash(PERSON_SCHEMA) }
  const wine = await createWineShop({ ...siteOptions('wine'), person })
  await serve('wine', wine.app, wine.close)
}
