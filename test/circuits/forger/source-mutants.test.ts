import { expect, test } from 'vitest'
import { judgeMutant } from './judge-source-mutant.ts'
import { chosenMutants, type SourceMutant, sourceMutants } from './source-mutants.ts'

const NON_ZERO = `pragma circom 2.2.0;
/* in * in === 1; */
template NonZero() {
    signal input in;

    signal inverse;
    inverse <-- in != 0 ? 1 / in : 0; // in === 1
    in * inverse === 1;
}
`

const mutant = (line: string, text: string): SourceMutant => ({
  id: 'non-zero.circom:8:test',
  path: 'circuits/templates/non-zero.circom',
  line,
  text,
})

test('changes code, one line at a time, and no comment', () => {
  const mutants = sourceMutants(new Map([['non-zero.circom', NON_ZERO]]))
  expect(mutants.map(({ line }) => line)).toContain('in + inverse === 1;')
  expect(mutants.map(({ line }) => line)).toContain('')
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
  for (const { text } of mutants) {
    expect(text).toContain('/* in * in === 1; */')
    const changed = text.split('\n').filter((line, index) => line !== NON_ZERO.split('\n')[index])
    expect(changed).toHaveLength(1)
  }
})

test('some of them are of every kind', () => {
  const mutants = sourceMutants(new Map([['non-zero.circom', NON_ZERO]]))
  const kinds = (of: readonly SourceMutant[]) => new Set(of.map(({ id }) => id.split(':')[2]?.replace(/#\d+/, '')))
  expect(kinds(chosenMutants(mutants, kinds(mutants).size))).toEqual(kinds(mutants))
  expect(chosenMutants(mutants, 4)).toHaveLength(4)
})

test.each([
  ['', NON_ZERO.replace('    in * inverse === 1;\n', '\n'), 'killed'],
  ['in * inverse === 1 + 0;', NON_ZERO.replace('=== 1;\n}', '=== 1 + 0;\n}'), 'same'],
  ['in * inverse === ;', NON_ZERO.replace('=== 1;\n}', '=== ;\n}'), 'stillborn'],
  // A check beside the one that is there: another circuit, and no worse.
  [
    'in * inverse * 2 === 2;',
    NON_ZERO.replace('=== 1;\n}', '=== 1;\n    signal two <== in * inverse;\n    two === 1;\n}'),
    'survived',
  ],
])('%s', async (line, text, outcome) => {
  expect(await judgeMutant({ circuit: 'issue-v1', mutant: mutant(line, text), seed: 0 })).toMatchObject({ outcome })
})
