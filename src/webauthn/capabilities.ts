/** What a wallet cannot do without, as the page for browsers that cannot names it. */
export type MissingCapability =
  | 'secure_context'
  | 'webauthn'
  | 'prf'
  | 'web_crypto'
  | 'indexed_db'
  | 'web_assembly'
  | 'web_workers'

/** The part of the global object that is looked at. */
export type CapabilityScope = {
  readonly isSecureContext?: boolean
  readonly PublicKeyCredential?: unknown
  readonly crypto?: { readonly subtle?: unknown }
  readonly indexedDB?: unknown
  readonly WebAssembly?: unknown
  readonly Worker?: unknown
}

/**
 * What this browser lacks, in the order to tell it; empty when a wallet can run. A browser that does not say whether it
 * knows PRF is given the benefit of the doubt: the first authentication will show. Never throws.
 */
export async function missingCapabilities(scope: CapabilityScope = globalThis): Promise<MissingCapability[]> {
  const missing: MissingCapability[] = []
  if (scope.isSecureContext !== true) missing.push('secure_context')
  if (typeof scope.PublicKeyCredential !== 'function') missing.push('webauthn')
  else if (await deniesPrf(scope.PublicKeyCredential)) missing.push('prf')
  if (!scope.crypto?.subtle) missing.push('web_crypto')
  if (!scope.indexedDB) missing.push('indexed_db')
  if (!scope.WebAssembly) missing.push('web_assembly')
  if (typeof scope.Worker !== 'function') missing.push('web_workers')
  return missing
}

/** True only where `getClientCapabilities()` says no in so many words (WebAuthn Level 3 §5.1.7). */
async function deniesPrf(credential: object): Promise<boolean> {
  if (!('getClientCapabilities' in credential) || typeof credential.getClientCapabilities !== 'function') return false
  try {
    const capabilities: unknown = await credential.getClientCapabilities()
    if (typeof capabilities !== 'object' || capabilities === null) return false
    return 'extension:prf' in capabilities && capabilities['extension:prf'] === false
  } catch {
    return false
  }
}
