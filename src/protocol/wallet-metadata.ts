import { z } from 'zod'
import { base64urlOf, parse } from './parse.ts'

/** Where a wallet's host publishes its {@link WalletMetadata}, below its origin. */
export const WALLET_METADATA_PATH = '/.well-known/touchstone-wallet.json'

/** What a wallet's host says of the wallet that it serves. */
export type WalletMetadata = {
  readonly version: 1
  /** Hashes of the key sets that the wallet pins; their files are below `/artefacts/<hash>/`. */
  readonly keySets: readonly string[]
}

const metadataShape = z.strictObject({
  version: z.literal(1),
  keySets: z.array(base64urlOf(32)).min(1).max(8),
})

/** Throws `wallet_metadata_invalid`. */
export function parseWalletMetadata(value: unknown): WalletMetadata {
  return parse(metadataShape, value, 'wallet_metadata_invalid')
}
