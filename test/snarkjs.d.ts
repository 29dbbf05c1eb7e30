/** Where snarkjs's arithmetic looks for a curve before it builds one. */
declare var curve_bn128: import('snarkjs').Curve | null | undefined

/** The part of snarkjs 0.7.6 that this project calls; the package ships no types of its own. */
declare module 'snarkjs' {
  /** A file path (Node), or a file held in memory. */
  export type FileSource = string | { type: 'mem'; data?: Uint8Array }

  /** Decimal strings, projective with z = 1. */
  export type ProofJson = {
    pi_a: string[]
    pi_b: string[][]
    pi_c: string[]
    protocol: string
    curve: string
  }

  export type VerificationKeyJson = {
    protocol: string
    curve: string
    nPublic: number
    vk_alpha_1: string[]
    vk_beta_2: string[][]
    vk_gamma_2: string[][]
    vk_delta_2: string[][]
    vk_alphabeta_12?: string[][][]
    IC: string[][]
  }

  /** What snarkjs tells of its work. */
  export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>

  export type CurveOptions = { singleThread?: boolean }

  export type CurveGroup = {
    g: Uint8Array
    toObject(point: Uint8Array): bigint[] & bigint[][]
    timesScalar(point: Uint8Array, scalar: bigint | Uint8Array): Uint8Array
    toAffine(point: Uint8Array): Uint8Array
    eq(a: Uint8Array, b: Uint8Array): boolean
  }

  export type Curve = {
    name: string
    q: bigint
    r: bigint
    G1: CurveGroup
    G2: CurveGroup
    tm: { code: Uint8Array<ArrayBuffer>; pG1gen: number; pG2gen: number; singleThread: boolean }
    terminate(): Promise<void>
  }

  export const curves: {
    getCurveFromName(name: string, options?: CurveOptions): Promise<Curve>
  }

  export const groth16: {
    fullProve(
      inputs: Readonly<Record<string, bigint | string | readonly (bigint | string)[]>>,
      wasm: FileSource,
      zkey: FileSource,
      logger?: undefined,
      witnessOptions?: undefined,
      options?: CurveOptions,
    ): Promise<{ proof: ProofJson; publicSignals: string[] }>
    prove(
      zkey: FileSource,
      witness: FileSource,
      logger?: undefined,
      options?: CurveOptions,
    ): Promise<{ proof: ProofJson; publicSignals: string[] }>
    verify(key: VerificationKeyJson, publicSignals: string[], proof: ProofJson): Promise<boolean>
  }

  export const powersOfTau: {
    newAccumulator(curve: Curve, power: number, file: FileSource): Promise<Uint8Array>
    contribute(from: FileSource, to: FileSource, name: string, entropy: string): Promise<Uint8Array>
    preparePhase2(from: FileSource, to: FileSource): Promise<void>
  }

  export const zKey: {
    newZKey(r1cs: FileSource, ptau: FileSource, zkey: FileSource): Promise<Uint8Array>
    contribute(from: FileSource, to: FileSource, name: string, entropy: string): Promise<Uint8Array>
    exportVerificationKey(zkey: FileSource): Promise<VerificationKeyJson>
    verifyFromR1cs(r1cs: FileSource, ptau: FileSource, zkey: FileSource): Promise<boolean>
    exportJson(zkey: FileSource): Promise<Record<string, unknown>>
  }

  export const r1cs: {
    info(file: FileSource): Promise<{ nVars: number; nConstraints: number; nOutputs: number; nPubInputs: number }>
  }

  export const wtns: {
    calculate(
      inputs: Readonly<Record<string, bigint | string | readonly (bigint | string)[]>>,
      wasm: FileSource,
      wtns: FileSource,
    ): Promise<void>
    check(r1cs: FileSource, wtns: FileSource, logger: Logger): Promise<boolean>
  }
}
