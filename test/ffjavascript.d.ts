/** What tests take as a reference of the reference library, which has no types of its own. */
declare module 'ffjavascript' {
  type Curve = {
    /** Σ sᵢPᵢ of points x·2^256 and scalars of 32 bytes little-endian. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>
    toAffine(point: Uint8Array): Uint8Array
  }
  export function buildBn128(singleThread: boolean): Promise<{ G1: Curve; G2: Curve; terminate(): Promise<void> }>
}
