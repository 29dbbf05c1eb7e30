import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import { ensureKeySet } from '../../scripts/keys.ts'
import { type Listener, listen } from '../../server/listen.ts'
import { send } from './http-client.ts'

let directory: string
let ports: number[]

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-command-'))
  ports = await freePorts()
  // The circuits; compiling them is not what is measured here.
  await ensureKeySet({ origin: 'development' })
})
afterAll(() => rmSync(directory, { recursive: true }))

async function freePorts(): Promise<number[]> {
  const listeners: Listener[] = []
  for (let count = 0; count < 4; count++) listeners.push(await listen(0))
  await Promise.all(listeners.map((listener) => listener.close()))
  return listeners.map(({ port }) => port)
}

type Ended = { code: number | null; signal: NodeJS.Signals | null; output: string; errors: string }

function run(
  script: string,
  ...options: string[]
): { child: ChildProcess; output: () => string; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'scripts', script), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, output, errors })),
  )
  return { child, output: () => output, ended }
}

function start(data = join(directory, 'data')) {
  return run('start.ts', '--data', data, '--dist', join(directory, 'dist'), '--ports', ports.join())
}

/** Seconds until the command says that all is running. */
async function untilRunning(command: ReturnType<typeof run>): Promise<number> {
  const begin = performance.now()
  while (!command.output().includes('Touchstone is running.')) {
    if (command.child.exitCode !== null) throw new Error(`it ended: ${(await command.ended).errors}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return (performance.now() - begin) / 1000
}

async function stop(command: ReturnType<typeof run>, signal: NodeJS.Signals) {
  const begin = performance.now()
  command.child.kill(signal)
  const { code, errors } = await command.ended
  return { code, errors, seconds: (performance.now() - begin) / 1000 }
}

describe('npm start', () => {
  it('makes keys and pages the first time and finds them the next, ends cleanly on SIGINT and SIGTERM', async () => {
    const first = start()
    console.info(`first start: ${(await untilRunning(first)).toFixed(1)} s`)
    expect(first.output()).toContain('keys for present-v1 (once): 100 %')
    expect(first.output()).toContain('Building the pages (once)')
    expect(first.output()).toContain(`http://forum.localhost:${ports[2]}`)
    expect((await send(`http://wallet.localhost:${ports[0]}/`)).status).toBe(200)
    expect(await stop(first, 'SIGINT')).toMatchObject({ code: 0, errors: '' })

    const second = start()
    const seconds = await untilRunning(second)
    console.info(`second start: ${seconds.toFixed(1)} s`)
    // Two seconds and a half on two free cores; here other tests have a share of them.
    expect(seconds).toBeLessThan(15)
    expect(second.output()).not.toContain('(once)')
    expect((await send(`http://issuer.localhost:${ports[1]}/`)).status).toBe(200)
    const ended = await stop(second, 'SIGTERM')
    expect(ended).toMatchObject({ code: 0, errors: '' })
    expect(ended.seconds).toBeLessThan(2)
  }, 180_000)

  it('keeps its secrets to their owner', () => {
    for (const folder of ['issuer', 'issuer/keys', 'forum', 'wine']) {
      expect(statSync(join(directory, 'data', folder)).mode & 0o077).toBe(0)
    }
  })

  it('a busy port: one line, at once, and nothing is made', async () => {
    const listener = await listen(ports[3] ?? 0)
    const begin = performance.now()
    const { code, output, errors } = await start(join(directory, 'other')).ended
    await listener.close()
    console.info(`refusal: ${((performance.now() - begin) / 1000).toFixed(1)} s`)
    expect(code).toBe(1)
    expect(output).toBe('')
    expect(errors).toMatch(new RegExp(`^Port ${ports[3]} is in use, [^\\n]*\\n$`))
    expect(existsSync(join(directory, 'other'))).toBe(false)
  })

  it('a data folder that cannot be written: one line that names it', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    const { code, errors } = await start(file).ended
    expect(code).toBe(1)
    expect(errors).toMatch(new RegExp(`^Cannot write to ${file}[^\\n]*\\n$`))
  })
})

describe('npm run dev', () => {
  it('a busy port, be it the wallet’s or a site’s: one line, at once', async () => {
    for (const index of [0, 2]) {
      const listener = await listen(ports[index] ?? 0)
      const { code, output, errors } = await run('dev.ts', '--ports', ports.join()).ended
      await listener.close()
      expect({ code, output }).toEqual({ code: 1, output: '' })
      expect(errors).toMatch(new RegExp(`^Port ${ports[index]} is in use, [^\\n]*\\n$`))
    }
  })
})

describe('npm run reset', () => {
  const reset = (...options: string[]) => run('reset.ts', '--data', join(directory, 'reset'), ...options).ended

  it('says what goes, asks first, and removes its own folders only', async () => {
    for (const folder of ['keys', 'issuer', 'forum', 'wine', 'mine']) {
      mkdirSync(join(directory, 'reset', folder), { recursive: true })
    }
    const asked = await reset()
    expect(asked).toMatchObject({ code: 1, errors: '' })
    expect(asked.output).toContain('forum/')
    expect(asked.output).toContain('Nothing was removed.')
    expect(existsSync(join(directory, 'reset/keys'))).toBe(true)

    expect(await reset('--yes')).toMatchObject({ code: 0, output: expect.stringMatching(/Removed\.\n$/) })
    for (const folder of ['keys', 'issuer', 'forum', 'wine']) {
      expect(existsSync(join(directory, 'reset', folder))).toBe(false)
    }
    expect(existsSync(join(directory, 'reset/mine'))).toBe(true)
    expect((await reset('--yes')).output).toMatch(/^Nothing to remove/)
  })
})
