import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bn254 } from '@noble/curves/bn254.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { compileMain } from '../../../scripts/circuits/compile.ts'
import { artefactFile, type KeySetManifest } from '../../../src/protocol/key-set.ts'
import type { CircuitId } from '../../../src/protocol/signals.ts'
import { G1_BYTES, G2_BYTES } from '../../../src/setup/arithmetic.ts'
import { createEngineArithmetic } from '../../../src/setup/engine-arithmetic.ts'
import { g1ToJson, g2ToJson } from '../../../src/setup/points.ts'
import { makeKeyPair } from '../../../src/setup/proving-key.ts'
import { readR1cs } from '../../../src/setup/r1cs.ts'
import { developmentTrapdoor } from '../../../src/setup/trapdoor.ts'
import { readSections } from '../../setup/sections.ts'
import { readKeyPoints } from '../../verifier/noble-verifier.ts'
import type { KeyJson } from './setup-forgeries-weak.ts'

/**
 * Whether a proving key is what its set says: `'CONSISTENT'`, or what is wrong. A development key is made again from
 * its public scalars and must be the same byte for byte. Of a local key the scalars are gone; there the verification
 * key must be the one inside the file, and its β and δ the same in both groups, by pairings. snarkjs's `zkey verify`
 * asks for the transcript of a ceremony, and there was none.
 */
export async function checkProvingKey(
  { directory, manifest, json }: { directory: string; manifest: KeySetManifest; json: KeyJson },
  circuit: CircuitId,
): Promise<string> {
  const zkey = new Uint8Array(await readFile(join(directory, artefactFile(circuit, 'zkey'))))
  const entry = manifest.circuits[circuit]
  if (!entry) return 'not in the manifest'
  if (manifest.origin === 'development') {
    const r1cs = await readFile((await compileMain(`circuits/main/${circuit}.circom`)).r1csPath)
    const r1csHash = hexToBytes(entry.r1cs)
    if (!Buffer.from(sha256(r1cs)).equals(r1csHash)) return 'made for other constraints'
    const again = await makeKeyPair({
      r1cs: readR1cs(r1cs),
      r1csHash,
      trapdoor: developmentTrapdoor(r1csHash),
      arithmetic: await createEngineArithmetic(),
    })
    if (!Buffer.from(again.zkey).equals(zkey)) return 'another key than its scalars make'
  }
  return checkPoints(zkey, json)
}

/** Section 2 after its three counts; section 3. */
function checkPoints(zkey: Uint8Array, json: KeyJson): string {
  const sections = readSections(zkey)
  const header = sections.get(2) ?? new Uint8Array()
  const [lengths, counts] = [2 * (4 + 32), 3 * 4]
  let at = lengths + counts
  const take = (length: number): Uint8Array => {
    at += length
    return header.subarray(at - length, at)
  }
  const [alpha1, beta1, beta2] = [take(G1_BYTES), take(G1_BYTES), take(G2_BYTES)]
  const [gamma2, delta1, delta2] = [take(G2_BYTES), take(G1_BYTES), take(G2_BYTES)]
  const ic = sections.get(3) ?? new Uint8Array()
  const inside = {
    vk_alpha_1: g1ToJson(alpha1),
    vk_beta_2: g2ToJson(beta2),
    vk_gamma_2: g2ToJson(gamma2),
    vk_delta_2: g2ToJson(delta2),
    IC: Array.from({ length: ic.length / G1_BYTES }, (_, index) =>
      g1ToJson(ic.subarray(index * G1_BYTES, (index + 1) * G1_BYTES)),
    ),
  }
  for (const [name, value] of Object.entries(inside)) {
    if (JSON.stringify(json[name as keyof typeof inside]) !== JSON.stringify(value)) return `${name} is another`
  }
  const { beta, delta } = readKeyPoints(json)
  if (!sameScalar(g1ToJson(beta1), beta)) return 'beta differs between the groups'
  if (!sameScalar(g1ToJson(delta1), delta)) return 'delta differs between the groups'
  return 'CONSISTENT'
}

/** e(s·G1, G2) = e(G1, s·G2) */
function sameScalar([x = '', y = '']: readonly string[], right: typeof bn254.G2.Point.BASE): boolean {
  const { G1, G2 } = bn254
  const left = G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) })
  const product = bn254.pairingBatch([
    { g1: left, g2: G2.Point.BASE },
    { g1: G1.Point.BASE.negate(), g2: right },
  ])
  return bn254.fields.Fp12.eql(product, bn254.fields.Fp12.ONE)
}
