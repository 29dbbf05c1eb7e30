import { z } from 'zod'
import { toBase64url } from './bytes.ts'
import { canonicalJson, DIGEST_TAGS, digest } from './digest.ts'
import { ProtocolError } from './error.ts'
import { parse } from './parse.ts'

/**
 * Who drew the randomness behind the keys: `development` is public (anyone can forge, refused in production), `local`
 * is one deployment's own, `ceremony` that of many contributors.
 */
export const KEY_SET_ORIGINS = ['development', 'local', 'ceremony'] as const

/** One of {@link KEY_SET_ORIGINS}. */
export type KeySetOrigin = (typeof KEY_SET_ORIGINS)[number]

/** What was compiled and keyed for one circuit. Hashes are SHA-256, 64 lower-case hexadecimal digits. */
export type KeySetCircuit = {
  /** Compiler and flags, for whoever wants to build the same again. */
  readonly compiler: string
  /** Constraints, public signals and the constant: what the evaluation domain must hold. */
  readonly rows: number
  readonly r1cs: string
  readonly wasm: string
  readonly zkey: string
  readonly verificationKey: string
  /** Lengths in bytes. */
  readonly zkeyBytes: number
  readonly wasmBytes: number
  /** The packed form of the zkey, from which the very same file is made; absent where there is none. */
  readonly packed?: { readonly sha256: string; readonly bytes: number } | undefined
}

/** Names everything that a proof depends on besides its inputs. Wallets pin it, and verifiers list it, by its hash. */
export type KeySetManifest = {
  readonly version: 1
  readonly origin: KeySetOrigin
  readonly circuits: Readonly<Record<string, KeySetCircuit>>
}

/** The files of a circuit within a key set. */
export type ArtefactKind = 'wasm' | 'zkey' | 'packed' | 'verificationKey'

const EXTENSIONS = {
  wasm: 'wasm',
  zkey: 'zkey',
  packed: 'zkey.packed',
  verificationKey: 'vkey.json',
} as const satisfies Record<ArtefactKind, string>

/** The manifest's own file name, beside the artefacts in a folder named by the key set's hash. */
export const MANIFEST_FILE = 'manifest.json'

const sha256Shape = z.string().regex(/^[0-9a-f]{64}$/)
const circuitIdShape = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*-v[1-9][0-9]{0,3}$/)
const bytesShape = z
  .int()
  .min(1)
  .max(2 ** 30)

const manifestShape = z.strictObject({
  version: z.literal(1),
  origin: z.enum(KEY_SET_ORIGINS),
  circuits: z
    .record(
      circuitIdShape,
      z.strictObject({
        compiler: z.string().min(1).max(128),
        rows: z
          .int()
          .min(1)
          .max(2 ** 27),
        r1cs: sha256Shape,
        wasm: sha256Shape,
        zkey: sha256Shape,
        verificationKey: sha256Shape,
        zkeyBytes: bytesShape,
        wasmBytes: bytesShape,
        packed: z.strictObject({ sha256: sha256Shape, bytes: bytesShape }).optional(),
      }),
    )
    .refine((circuits) => Object.keys(circuits).length > 0),
})

/**
 * Strict: every field present but `packed`, which may be missing, and none besides. Throws {@link ProtocolError}
 * `key_set_invalid`.
 */
export function parseKeySetManifest(value: unknown): KeySetManifest {
  return parse(manifestShape, value, 'key_set_invalid')
}

/** The key set's name: 43 characters of base64url over the manifest's canonical form. */
export function keySetHash(manifest: KeySetManifest): string {
  return toBase64url(digest(DIGEST_TAGS.keySet, canonicalJson(manifest)))
}

/** Whether a text has the form of {@link keySetHash}. */
export function isKeySetHash(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** What the key set says of a circuit. Throws {@link ProtocolError} `key_set_circuit_unknown` when it says nothing. */
export function keySetCircuit(manifest: KeySetManifest, circuit: string): KeySetCircuit {
  const found = Object.hasOwn(manifest.circuits, circuit) ? manifest.circuits[circuit] : undefined
  if (!found) throw new ProtocolError('key_set_circuit_unknown', `the key set has no circuit ${circuit}`)
  return found
}

/** The file name of an artefact within its key set's folder, such as `login-v1.zkey`. */
export function artefactFile(circuit: string, kind: ArtefactKind): string {
  return `${circuit}.${EXTENSIONS[kind]}`
}
