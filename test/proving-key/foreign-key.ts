import * as snarkjs from 'snarkjs'
import { encodeR1cs, productCircuit } from '../setup/r1cs-file.ts'

/** The key of a small circuit by snarkjs alone: powers of tau with a contribution, then two contributions more. */
export async function foreignKey(): Promise<Uint8Array<ArrayBuffer>> {
  // One thread: snarkjs's own would outlive the test.
  globalThis.curve_bn128 ??= await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
  const file = (): { type: 'mem'; data?: Uint8Array } => ({ type: 'mem' })
  const [empty, contributed, prepared, initial, second, final] = [file(), file(), file(), file(), file(), file()]
  await snarkjs.powersOfTau.newAccumulator(globalThis.curve_bn128, 5, empty)
  await snarkjs.powersOfTau.contribute(empty, contributed, 'first', 'entropy of the test')
  await snarkjs.powersOfTau.preparePhase2(contributed, prepared)
  await snarkjs.zKey.newZKey({ type: 'mem', data: encodeR1cs(productCircuit(9)) }, prepared, initial)
  await snarkjs.zKey.contribute(initial, second, 'second', 'more entropy')
  await snarkjs.zKey.contribute(second, final, 'third', 'yet more entropy')
  if (!final.data) throw new Error('snarkjs made no key')
  return new Uint8Array(final.data)
}
