/** The part of circomlibjs that the tests compare with; the package ships no types. */
declare module 'circomlibjs' {
  export function buildPoseidon(): Promise<{
    (inputs: readonly bigint[]): Uint8Array
    F: { toObject(element: Uint8Array): bigint }
  }>
}
