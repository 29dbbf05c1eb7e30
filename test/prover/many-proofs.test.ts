import { beforeAll, describe, expect, test } from 'vitest'
import { ensureKeySet } from '../../scripts/keys.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { ACCEPTED, REFUSED } from './judges.ts'
import { openStatement, type Statement } from './statement.ts'

/** Mostly small ones: what is large about the others is tested once each. */
const PROOFS: Readonly<Record<CircuitId, number>> = {
  'issue-v1': 95,
  'login-v1': 95,
  'group-v1': 7,
  'present-v1': 3,
}
const TAMPERED: Readonly<Record<CircuitId, number>> = {
  'issue-v1': 24,
  'login-v1': 24,
  'group-v1': 3,
  'present-v1': 1,
}
const SEED = Number(process.env.PROOFS_SEED ?? 1)
/** Milliseconds for a circuit; a free core takes ten seconds. */
const SLOW_MACHINE = 180_000

let folder: string
beforeAll(async () => {
  folder = (await ensureKeySet({ origin: 'development' })).directory
}, 300_000)

describe.each(CIRCUIT_IDS)(`%s, seed ${SEED} (PROOFS_SEED)`, (circuit) => {
  let statement: Statement
  beforeAll(async () => {
    statement = await openStatement(circuit, folder)
  })

  test(
    `${PROOFS[circuit]} proofs of random statements are accepted by snarkjs and by noble-curves`,
    async () => {
      const { witness, prove, judge } = statement
      for (let seed = SEED; seed < SEED + PROOFS[circuit]; seed++) {
        expect(await judge(await prove(await witness(seed))), `inputs of seed ${seed}`).toEqual(ACCEPTED)
      }
    },
    SLOW_MACHINE,
  )

  test(
    `of ${TAMPERED[circuit]} witnesses with one wire changed no proof is`,
    async () => {
      const { tampered, prove, judge } = statement
      for (let seed = SEED; seed < SEED + TAMPERED[circuit]; seed++) {
        const { wire, witness } = await tampered(seed)
        expect(await judge(await prove(witness)), `inputs of seed ${seed}, wire ${wire}`).toEqual(REFUSED)
      }
    },
    SLOW_MACHINE,
  )
})
