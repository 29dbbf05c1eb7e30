import { type IssuerMetadata, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { parseStatusHistory, type StatusHistory } from '../../src/protocol/status-history.ts'

/** What an issuer publishes as JSON, unparsed: its metadata, and the signed epochs of its status list. */
export type IssuerDocuments = { readonly metadata: unknown; readonly statusHistory: unknown }

/** What an issuer publishes, checked: the epochs are signed by the status keys of the metadata beside them. */
export type PublishedIssuer = { readonly metadata: IssuerMetadata; readonly history: StatusHistory }

/** Throws what {@link parseIssuerMetadata} and {@link parseStatusHistory} throw. */
export async function parsePublished(documents: IssuerDocuments, origin: Origin): Promise<PublishedIssuer> {
  const metadata = parseIssuerMetadata(documents.metadata, origin)
  return { metadata, history: await parseStatusHistory(documents.statusHistory, metadata) }
}
