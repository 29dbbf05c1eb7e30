import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import { createIssuer, type Issuer } from '../../server/issuer/issuer.ts'
import type { StatusAction } from '../../server/issuer/status-change.ts'
import { readKeySet } from '../../server/read-key-set.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { STATUS_HISTORY_PATH, statusListPath } from '../../src/protocol/status-history.ts'
import { send } from '../server/http-client.ts'
import type { Place } from './deployment.ts'
import { serveAt } from './serve-at.ts'

/** An issuer of Person credentials at an origin of its own, with records of its own. */
export type ServedIssuer = Issuer & { readonly name: string; readonly origin: Origin; readonly folder: string }

const CITIES = ['Arden', 'Birk', 'Carne', 'Dale', 'Esk'] as const

/** Five of them; `failures` collects what goes wrong inside. */
export async function openFiveIssuers(
  { keySet, dataDirectory, dist, clock }: Place,
  { walletOrigin, failures }: { walletOrigin: Origin; failures: unknown[] },
): Promise<Record<'arden' | 'birk', ServedIssuer> & { readonly all: readonly ServedIssuer[] }> {
  const open = async (city: (typeof CITIES)[number]): Promise<ServedIssuer> => {
    const name = `City of ${city}`
    const folder = city.toLowerCase()
    const served = await serveAt(folder, async (origin) =>
      createIssuer({
        origin,
        name,
        walletOrigins: [walletOrigin],
        keySet: await readKeySet({ directory: keySet.directory, allowDevelopment: true }),
        directory: join(dataDirectory, folder),
        assets: join(dist, 'issuer'),
        clock,
        onFailure: (error) => failures.push(error),
      }),
    )
    return { ...served, name, folder }
  }
  const [arden, birk, ...others] = await Promise.all(CITIES.map(open))
  if (!arden || !birk) throw new Error('five issuers were asked for')
  return { arden, birk, all: [arden, birk, ...others] }
}

/** What an operator does at a terminal beside the running issuer: `npm run issuer -- <line>`. Gives what it prints. */
export async function operate({ dataDirectory }: Place, { folder }: ServedIssuer, line: readonly string[]) {
  const script = join(PROJECT_ROOT, 'scripts/touchstone.mjs')
  const place = ['--data', dataDirectory, '--issuer', folder]
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'issuer', ...line, ...place])
  return stdout
}

/** The revocation identifier of the only credential that an issuer has issued. */
export async function onlyCredential(place: Place, issuer: ServedIssuer): Promise<number> {
  const [, row = '', ...more] = (await operate(place, issuer, ['list'])).trimEnd().split('\n')
  if (more.length > 0) throw new Error(`${issuer.name} has issued more than one credential`)
  return Number(/^\d+/.exec(row)?.[0])
}

/** The same as the command does, by the clock of the deployment. */
export async function changeStanding({ clock }: Place, issuer: ServedIssuer, action: StatusAction, credential: number) {
  const now = Math.floor(clock().getTime() / 1000)
  await issuer.status.change({ action, target: { credentials: [credential] }, reason: 'a test', now })
}

/**
 * What an issuer publishes of its status list now, to be served to a page later in the place of what it publishes then.
 */
export async function keepPublished({ origin, status }: ServedIssuer, { clock }: Place) {
  const { length: newest } = await status.history(Math.floor(clock().getTime() / 1000))
  const urls = [STATUS_HISTORY_PATH, statusListPath(newest)].map((path) => origin + path)
  const answers = await Promise.all(urls.map(async (url) => [url, await send(url)] as const))
  return {
    async serveTo(page: Page): Promise<void> {
      for (const [url, { status, headers, bytes }] of answers) {
        const kept = { 'access-control-allow-origin': '*', 'content-type': headers['content-type'] ?? '' }
        await page.route(url, (route) => route.fulfill({ status, headers: kept, body: bytes }))
      }
    },
    async stop(page: Page): Promise<void> {
      for (const [url] of answers) await page.unroute(url)
    },
  }
}
