import { ensureKeySet, type KeyCircuit } from '../../src/setup/key-store.ts'

/** Makes local keys in a process of its own, for the test of what happens when it dies or is not alone. */
const [directory = '', ending = '', circuitsJson = '[]'] = process.argv.slice(2)
// The test wrote this text itself.
const circuits = JSON.parse(circuitsJson) as KeyCircuit[]

const { hash } = await ensureKeySet(circuits, {
  origin: 'local',
  directory,
  onProgress: ({ circuit }) => {
    if (ending !== 'stop-half-way' || circuit === circuits[0]?.id) return
    process.send?.('half-way')
    // Busy, as a maker is: the test ends it.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
  },
})
process.send?.(hash, () => process.disconnect())
