import { afterAll, describe, expect, test } from 'vitest'
import type { JudgeJob, Judgement } from './eddsa-negatives-judge.ts'
import { KILLED, startKillable } from './killable.ts'
import { type SignatureVector, signatureVectors } from './vectors/signatures.ts'

const JUDGE = new URL('./eddsa-negatives-judge.ts', import.meta.url)
const { honest, negatives, leftToTheRoot } = signatureVectors({ message: 1234n, issuerSeed: 7, seed: 1 })
const judge = startKillable<JudgeJob, Judgement>(JUDGE, {
  milliseconds: 5000,
  args: ['circuit', 'protocol', 'independent'],
})
afterAll(() => judge.close())

const named = (name: string): SignatureVector => {
  const vector = [...negatives, ...leftToTheRoot].find((each) => each.name === name)
  if (!vector) throw new Error(`no vector ${name}`)
  return vector
}

describe('what each judge says', () => {
  test.each([
    [honest, 'accepted', 'accepted', 'accepted'],
    [named('scalar S + 1l'), 'refused', 'refused', 'refused'],
    [named('r8 off the curve'), 'refused', 'refused', 'refused'],
    [named('signed over R8 plus small order 1'), 'refused', 'refused', 'refused'],
    [named('key (0, y) off the curve, y of order 3'), 'refused', 'refused', 'refused'],
    [named('key of small order 0, R8 = S·B'), 'refused', 'refused', 'accepted'],
    [named('signed by a key plus small order 1'), 'accepted', 'refused', 'accepted'],
  ] as const)('$0.name', async (vector, circuit, protocol, independent) => {
    expect(await judge.run({ judge: 'circuit', vector })).toEqual({ verdict: circuit })
    expect(await judge.run({ judge: 'protocol', vector })).toEqual({ verdict: protocol })
    expect(await judge.run({ judge: 'independent', vector })).toEqual({ verdict: independent })
  })
})

test('an endless loop is killed, and the next job gets a new process', async () => {
  const impatient = startKillable<JudgeJob, Judgement>(JUDGE, { milliseconds: 1000, args: ['independent'] })
  try {
    expect(await impatient.run({ judge: 'independent', vector: named('negative scalar 2') })).toBe(KILLED)
    expect(await impatient.run({ judge: 'independent', vector: honest })).toEqual({ verdict: 'accepted' })
  } finally {
    await impatient.close()
  }
})

test('there are at least 150 negatives, each under its own name, and the seed decides them', () => {
  expect(new Set(negatives.map(({ name }) => name)).size).toBe(negatives.length)
  expect(negatives.length).toBeGreaterThanOrEqual(150)
  const again = signatureVectors({ message: 1234n, issuerSeed: 7, seed: 1 })
  expect(again.negatives).toEqual(negatives)
  expect(signatureVectors({ message: 1234n, issuerSeed: 7, seed: 2 }).negatives).not.toEqual(negatives)
})
