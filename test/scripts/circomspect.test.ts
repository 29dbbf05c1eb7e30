import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unreviewedFindings } from '../../scripts/circuits/justifications.ts'
import { analyseCircuits } from '../../scripts/circuits/static-analysis.ts'

/** A hint that one constraint fixes: nothing is wrong with it, and circomspect cannot know. */
const HINTED = `pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

template Root() {
    signal input in;
    signal output out;
    signal hash <== Poseidon(1)([in]);

    // A hint.
    out <-- in + 1 > in ? 3 : 4;
    out * (out - in) === hash;
}
`
const JUSTIFICATION = '    // circomspect: CS0005: the line below fixes it\n'
const JUSTIFIED = HINTED.replace('    // A hint.\n', `    // A hint.\n${JUSTIFICATION}`)
const WARNING = 'Using the signal assignment operator `<--` does not constrain the assigned signal.'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-analysed-'))
  for (const part of ['main', 'templates']) await mkdir(join(folder, part))
})
afterEach(() => rm(folder, { recursive: true }))

async function review(source: string): Promise<string[]> {
  await writeFile(join(folder, 'templates/root.circom'), source)
  const { findings, sources } = await analyseCircuits(folder)
  return unreviewedFindings(findings, sources)
}

test('a finding is reported at its place, until a comment above it says why it stands', async () => {
  expect(await review(HINTED)).toEqual([`templates/root.circom:11: CS0005: ${WARNING}`])
  expect(await review(JUSTIFIED)).toEqual([])
})

test('the script fails on a planted finding, names it, and passes without it', async () => {
  await writeFile(join(folder, 'templates/root.circom'), HINTED)
  const planted = spawnSync(process.execPath, ['scripts/circomspect.ts', folder], { encoding: 'utf8' })
  expect(planted.status).toBe(1)
  expect(planted.stderr).toBe(`templates/root.circom:11: CS0005: ${WARNING}\n`)
  await writeFile(join(folder, 'templates/root.circom'), JUSTIFIED)
  expect(spawnSync(process.execPath, ['scripts/circomspect.ts', folder]).status).toBe(0)
})

test('a justification holds for its rule and its line alone', async () => {
  const finding = `templates/root.circom:12: CS0005: ${WARNING}`
  expect(await review(JUSTIFIED.replace('CS0005', 'CS0008'))).toEqual([
    finding,
    'templates/root.circom:11: there is no warning CS0008 on line 12 to justify',
  ])
  expect(await review(HINTED.replace('    signal input in;\n', `${JUSTIFICATION}    signal input in;\n`))).toEqual([
    finding,
    'templates/root.circom:6: there is no warning CS0005 on line 7 to justify',
  ])
})

test('a justification without a reason is refused, and justifies nothing', async () => {
  expect(await review(JUSTIFIED.replace(' the line below fixes it', ''))).toEqual([
    `templates/root.circom:12: CS0005: ${WARNING}`,
    'templates/root.circom:11: the form of a justification is // circomspect: <rule>: <reason>',
  ])
})

test('an error is reported and cannot be justified', async () => {
  const missing = JUSTIFIED.replace('poseidon.circom', 'absent.circom')
  const include = 'include "circomlib'
  const lines = await review(missing.replace(include, `// circomspect: P1000: it is not there\n${include}`))
  expect(lines).toContainEqual(expect.stringMatching(/^templates\/root\.circom:4: P1000: /))
  expect(lines).toContain('templates/root.circom:3: there is no warning P1000 on line 4 to justify')
})

test('a template that circomspect passes over is noticed', async () => {
  const hidden = `${JUSTIFIED}\n/*\ntemplate Hidden() {}\n*/\n`
  await expect(review(hidden)).rejects.toThrow('circomspect passed over the template Hidden of templates/root.circom')
})
