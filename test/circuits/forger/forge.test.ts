import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'

/** `npm run forge` as one types it; its exit code and what it prints. */
const forge = (...args: string[]) => run('scripts/forge.ts', ...args)

function run(...command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

const toy = (name: string): string => `test/circuits/forger/toys/${name}.circom`

test('a sound circuit meets its bars, one with a gap does not', async () => {
  const sound = await forge(toy('square'), '--json')
  expect(sound.code).toBe(0)
  expect(JSON.parse(sound.stdout)).toMatchObject({
    seed: 0,
    problems: [],
    bars: [{ ok: true }, { ok: true, value: 0 }],
  })
  const gap = await forge(toy('product-of-two'), '--json', '--seed', '7')
  expect(gap.code).toBe(1)
  expect(JSON.parse(gap.stdout)).toMatchObject({
    seed: 7,
    bars: [{ ok: true }, { name: 'product-of-two unexplained survivors', ok: false }],
  })
})

test('a circuit in which nothing is constrained has its outputs free', async () => {
  const { code, stdout } = await forge(toy('assignments-only'))
  expect(code).toBe(1)
  expect(stdout).toContain('double is not determined by the inputs')
})

test('an input that nothing uses is named', async () => {
  const { stdout } = await forge(toy('inverse'))
  expect(stdout).toContain('idle')
  expect(stdout).toMatch(/^missed +inverse unexplained survivors +1 /m)
})

test('another solution apart from the first is found', async () => {
  const { code, stdout } = await forge(toy('either-root'))
  expect(code).toBe(1)
  expect(stdout).toContain('either-root survey: root: another root')
})

test('the table names the signals that are free', async () => {
  const { stdout } = await forge(toy('zero-test'))
  expect(stdout).toContain('loose is not determined by the inputs')
  expect(stdout).toMatch(/^missed +zero-test unexplained survivors/m)
})

test.each([
  [['no-such-circuit'], 'neither a .circom file nor one of'],
  [['issue-v1', 'login-v1'], 'one circuit at a time'],
  [['issue-v1', '--inputs', 'x.json'], '--inputs is for a .circom file'],
  [['--seed', '1e3'], 'a seed is a number'],
])('refuses %j', async (args, message) => {
  const { code, stdout, stderr } = await forge(...args)
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain(message)
})

test('changes the sources of one circuit at a time', async () => {
  const { code, stdout, stderr } = await run('scripts/forge-long.ts', 'issue-v1', 'login-v1')
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('one circuit at a time')
})
