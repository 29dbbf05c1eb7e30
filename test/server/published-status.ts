import { gunzipSync } from 'node:zlib'
import type { FieldElement } from '../../src/protocol/field.ts'
import { ISSUER_METADATA_PATH, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import {
  parseStatusHistory,
  STATUS_HISTORY_PATH,
  type StatusHistory,
  statusListPath,
} from '../../src/protocol/status-history.ts'
import { parseStatusList, type StatusList } from '../../src/protocol/status-list.ts'
import { send } from './http-client.ts'

/** An issuer's history as anyone reads it: fetched, and checked against the keys it publishes. */
export async function fetchHistory({ origin }: { origin: Origin }): Promise<StatusHistory> {
  const metadata = parseIssuerMetadata((await send(`${origin}${ISSUER_METADATA_PATH}`)).json(), origin)
  return parseStatusHistory((await send(`${origin}${STATUS_HISTORY_PATH}`)).json(), metadata)
}

/** The list of the newest epoch. */
export async function newestList(issuer: {
  origin: Origin
}): Promise<{ epoch: number; root: FieldElement; list: StatusList }> {
  const [newest] = await fetchHistory(issuer)
  if (!newest) throw new Error('a history has an epoch')
  const headers = { 'accept-encoding': 'gzip' }
  const { bytes } = await send(`${issuer.origin}${statusListPath(newest.epoch)}`, { headers })
  return { epoch: newest.epoch, root: newest.root, list: parseStatusList(gunzipSync(bytes)) }
}
