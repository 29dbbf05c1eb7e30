/** The key of every log here. */
export const AUDIT_KEY = new Uint8Array(32).fill(7)
