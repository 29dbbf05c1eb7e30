/** The part of circomlibjs that the tests compare with; the package ships no types. */
declare module 'circomlibjs' {
  export function buildPoseidon(): Promise<{
    (inputs: readonly bigint[]): Uint8Array
    F: { toObject(element: Uint8Array): bigint }
  }>

  /** A point of Baby Jubjub, each coordinate in the library's Montgomery bytes. */
  export type JubjubBytes = readonly Uint8Array[]

  export function buildEddsa(): Promise<{
    babyJub: { F: { e(value: bigint): Uint8Array } }
    verifyPoseidon(message: Uint8Array, signature: { R8: JubjubBytes; S: bigint }, key: JubjubBytes): boolean
  }>
}
