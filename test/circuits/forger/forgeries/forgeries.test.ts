import { describe, expect, test } from 'vitest'
import type { CircuitId } from '../../../../src/protocol/signals.ts'
import { presentInputs } from '../../present-case.ts'
import { tryForgeries } from '../forgeries.ts'
import { loadTarget } from '../load-target.ts'
import type { Forgery } from '../target.ts'
import { forgedDecompositions } from './decompositions.ts'
import { honestCase, otherCase } from './present-cases.ts'
import { forgedHints } from './present-hints.ts'
import { forgedPublicSignals } from './public-signals.ts'
import { splices } from './splices.ts'
import { loadSubject } from './subject.ts'

/*
 * The forgeries that take seconds; `npm run forge` has all of them. That one which is accepted is reported is tested
 * with the judge.
 */

test.each(['issue-v1', 'login-v1'] satisfies CircuitId[])('%s rejects all of its forgeries', async (id) => {
  const target = await loadTarget(id)
  const circuit = await target.load()
  const attacks = await tryForgeries(circuit, target.forgeries(circuit, 0))
  expect(attacks.failures).toEqual([])
  expect(attacks.tried).toBeGreaterThanOrEqual(200)
})

describe('present-v1', () => {
  test('rejects parts of other witnesses, changed public signals, false digits and false hints', async () => {
    const circuit = await (await loadTarget('present-v1')).load()
    const subject = await loadSubject(circuit, presentInputs(honestCase(0)), presentInputs(otherCase(0)))
    async function* forgeries(): AsyncGenerator<Forgery> {
      yield* forgedPublicSignals(subject, ['issuedBefore is one more', 'issuedBefore is one less'])
      yield* splices(subject, { depth: 2, free: /\.inv$/ })
      yield* forgedDecompositions(subject)
      yield* forgedHints(subject)
    }
    const attacks = await tryForgeries(circuit, forgeries())
    expect(attacks.failures).toEqual([])
    expect(attacks.tried).toBeGreaterThanOrEqual(400)
  })
})

test('what is forged differs from what is honest, and by name from all else', async () => {
  const target = await loadTarget('login-v1')
  const circuit = await target.load()
  const contents = new Set<string>()
  for await (const forgery of target.forgeries(circuit, 0)) {
    if (!('changes' in forgery)) continue
    const content = [...forgery.changes].map(([wire, value]) => `${wire}=${value}`).join()
    expect(forgery.changes.size, forgery.name).toBeGreaterThan(0)
    contents.add(`${content} ${forgery.of.witness[1]}`)
  }
  expect(contents.size).toBeGreaterThanOrEqual(200)
})
