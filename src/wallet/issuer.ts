import { ISSUER_METADATA_PATH, type IssuerMetadata, parseIssuerMetadata } from '../protocol/issuer.ts'
import type { Origin } from '../protocol/origin.ts'
import { STATUS_HISTORY_PATH, statusListPath } from '../protocol/status-history.ts'
import { parseStatusList, type StatusList } from '../protocol/status-list.ts'
import { type FetchOptions, fetchBytes } from './fetch-bytes.ts'
import { fetchJson } from './fetch-json.ts'
import { WalletError } from './wallet-error.ts'

type Transport = Pick<FetchOptions, 'fetch' | 'signal'>

const UNREACHABLE = 'issuer_unreachable'

/**
 * What an issuer publishes, from its own origin. Throws `issuer_unreachable`, `issuer_metadata_invalid`,
 * `issuer_mismatch`.
 */
export async function fetchIssuerMetadata(issuer: Origin, transport: Transport): Promise<IssuerMetadata> {
  return parseIssuerMetadata(await published(issuer, ISSUER_METADATA_PATH, transport), issuer)
}

/** The history of an issuer's status list, not yet parsed. Throws `issuer_unreachable`. */
export async function fetchStatusHistory(issuer: Origin, transport: Transport): Promise<unknown> {
  return published(issuer, STATUS_HISTORY_PATH, transport)
}

/** The list of one epoch, not yet compared with its signed root. Throws `issuer_unreachable`, `status_list_invalid`. */
export async function fetchStatusList(issuer: Origin, epoch: number, transport: Transport): Promise<StatusList> {
  const options = { ...transport, url: issuer + statusListPath(epoch), unreachable: UNREACHABLE } as const
  const { ok, status, bytes } = await fetchBytes(options, (answer) => answer)
  if (!ok) throw missing(issuer, `status list ${epoch}`, status)
  return parseStatusList(bytes)
}

async function published(issuer: Origin, path: string, transport: Transport): Promise<unknown> {
  const { ok, status, value } = await fetchJson({ ...transport, url: issuer + path, unreachable: UNREACHABLE })
  if (!ok) throw missing(issuer, path, status)
  return value
}

function missing(issuer: Origin, what: string, status: number): WalletError {
  return new WalletError(UNREACHABLE, `${issuer} does not publish ${what}: status ${status}`)
}
