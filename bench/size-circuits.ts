/**
 * Circuits of chosen sizes for the benches, with development keys: what a proof costs as circuits grow. Kept in
 * build/bench; the largest takes minutes to compile and a gigabyte of disk, once.
 *
 *     node bench/size-circuits.ts [size …]     makes them and says how long each step took
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileMain, PROJECT_ROOT } from '../scripts/circuits/compile.ts'
import { COMPILER_FLAGS, compilerVersion } from '../scripts/circuits/compiler.ts'
import type { WitnessInputs } from '../src/prover/witness.ts'
import { ensureKeySet, type KeySet } from '../src/setup/key-store.ts'

/** Thousands of constraints, about. The second is what a device key's signature would take beside a credential. */
export const SIZES = [5, 15, 20, 80, 320] as const
export type Size = (typeof SIZES)[number]

export type SizeCircuit = {
  /** As key sets name it: `size-5k-v1`. */
  id: string
  constraints: number
  wires: number
  /** Holds this circuit alone; a prover's location is the folder around it and its hash. */
  keySet: KeySet
  /** Inputs of an accepted witness; another seed gives other wires throughout. */
  inputs: (seed: bigint) => WitnessInputs
  /** Zero where it was there already. */
  seconds: { compile: number; keys: number }
}

/**
 * Hash chains: a link is a Poseidon of two inputs, and every fifth value is also taken apart into bits, so that, as in
 * the credential circuit, some five of six wires are full-size and the rest are bits. Rows are as they occur in the
 * project's circuits: squares and products of long linear combinations, and checks of bits.
 */
const LINKS: Readonly<Record<Size, number>> = { 5: 17, 15: 53, 20: 69, 80: 275, 320: 1100 }

const FOLDER = join(PROJECT_ROOT, 'build/bench')

/** Compiles the circuit and makes its keys, or finds both. Throws CircuitCompileError, or SetupError. */
export async function ensureSizeCircuit(size: Size): Promise<SizeCircuit> {
  const id = `size-${size}k-v1`
  const mainFile = join(FOLDER, 'sources', `${id}.circom`)
  await mkdir(join(FOLDER, 'sources'), { recursive: true })
  await writeFile(mainFile, source(LINKS[size]))
  const seconds = { compile: 0, keys: 0 }
  const compiled = await compileMain(mainFile, {
    cache: join(FOLDER, 'circuits'),
    onProgress: (progress) => {
      seconds.compile = progress.seconds
    },
  })
  const start = performance.now()
  const keySet = await ensureKeySet(
    [{ ...compiled, id, compiler: [await compilerVersion(), ...COMPILER_FLAGS].join(' ') }],
    { origin: 'development', directory: join(FOLDER, 'keys', id) },
  )
  if (keySet.made) seconds.keys = (performance.now() - start) / 1000
  const { constraints, wires } = compiled
  return { id, constraints, wires, keySet, inputs: (seed) => ({ context: 5n, seed }), seconds }
}

function source(links: number): string {
  return `pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

template HashChain(links) {
  signal input context;
  signal input seed;
  signal output result;

  component hash[links];
  component bits[(links + 4) \\ 5];
  for (var link = 0; link < links; link++) {
    hash[link] = Poseidon(2);
    hash[link].inputs[0] <== link == 0 ? seed : hash[link - 1].out;
    hash[link].inputs[1] <== context;
    if (link % 5 == 0) {
      bits[link \\ 5] = Num2Bits(254);
      bits[link \\ 5].in <== hash[link].out;
    }
  }
  result <== hash[links - 1].out;
}

component main { public [context] } = HashChain(${links});
`
}

if (import.meta.main) {
  const wanted = process.argv.slice(2).map(Number)
  for (const size of SIZES.filter((known) => wanted.length === 0 || wanted.includes(known))) {
    const { id, constraints, wires, keySet, seconds } = await ensureSizeCircuit(size)
    const mebibytes = ((keySet.manifest.circuits[id]?.zkeyBytes ?? 0) / 2 ** 20).toFixed(1)
    const times = `compiled in ${seconds.compile.toFixed(1)} s, keys in ${seconds.keys.toFixed(1)} s`
    process.stdout.write(`${id}: ${constraints} constraints, ${wires} wires, ${mebibytes} MiB of key; ${times}\n`)
  }
}
