import { ISSUER_METADATA_PATH, type IssuerMetadata, parseIssuerMetadata } from '../protocol/issuer.ts'
import type { Origin } from '../protocol/origin.ts'
import { type FetchJsonOptions, fetchJson } from './fetch-json.ts'
import { WalletError } from './wallet-error.ts'

/**
 * What an issuer publishes, from its own origin. Throws `issuer_unreachable`, `issuer_metadata_invalid`,
 * `issuer_mismatch`.
 */
export async function fetchIssuerMetadata(
  issuer: Origin,
  options: Pick<FetchJsonOptions, 'fetch' | 'signal'>,
): Promise<IssuerMetadata> {
  const unreachable = 'issuer_unreachable'
  const { ok, status, value } = await fetchJson({ ...options, url: issuer + ISSUER_METADATA_PATH, unreachable })
  if (!ok) throw new WalletError(unreachable, `${issuer} publishes no metadata: status ${status}`)
  return parseIssuerMetadata(value, issuer)
}
