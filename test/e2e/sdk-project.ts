import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import type { Origins } from '../../scripts/demo/person.ts'
import { type PackedSdk, packSdk } from '../../scripts/sdk/pack.ts'

const run = promisify(execFile)

export const EXAMPLES = ['express', 'fastify', 'hono', 'next'] as const
export type Example = (typeof EXAMPLES)[number]

/** A folder outside the repository with the packed SDK and the four frameworks installed, and the examples in it. */
export type SdkProject = {
  readonly directory: string
  readonly sdk: PackedSdk
  /** Runs a program that is installed there; its output. */
  run(program: string, parameters: readonly string[], folder: string): Promise<string>
  /** Starts a server by Node in a folder, and waits until it answers at its origin. */
  start(parameters: readonly string[], options: { folder: string; origin: string; origins: Origins }): Promise<void>
  close(): Promise<void>
}

type Manifest = { dependencies: Record<string, string>; devDependencies: Record<string, string> }

/** Without what a test runner and npm have put there: as a developer's own shell has it. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: process.env.HOME, NEXT_TELEMETRY_DISABLED: '1' }
const START_LIMIT_MS = 60_000

export async function installSdk(): Promise<SdkProject> {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-project-'))
  const sdk = await packSdk(join(directory, 'packed'))
  const manifests = EXAMPLES.map((name): Manifest => JSON.parse(read(`examples/${name}/package.json`)))
  const dependencies: Record<string, string> = Object.assign({}, ...manifests.map((each) => each.dependencies))
  const devDependencies = Object.assign({}, ...manifests.map((each) => each.devDependencies))
  dependencies['@touchstone/sdk'] = `file:packed/${basename(sdk.path)}`
  write(
    join(directory, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, devDependencies }),
  )
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  await run('npm', ['install', ...flags], { cwd: directory, env: ENVIRONMENT })
  for (const name of EXAMPLES) copyExample(name, join(directory, name))
  // Those that no framework's own build checks, in one run.
  const include = EXAMPLES.filter((name) => name !== 'next').map((name) => `${name}/*.ts`)
  write(join(directory, 'tsconfig.json'), JSON.stringify({ extends: './express/tsconfig.json', include }))

  const children: ChildProcess[] = []
  return {
    directory,
    sdk,
    run: async (program, parameters, folder) => {
      const path = join(directory, 'node_modules/.bin', program)
      const { stdout } = await run(process.execPath, [path, ...parameters], {
        cwd: join(directory, folder),
        env: ENVIRONMENT,
      })
      return stdout
    },
    start: async (parameters, { folder, origin, origins }) => {
      const env = { ...ENVIRONMENT, ORIGIN: origin, WALLET: origins.wallet, ISSUER: origins.issuer }
      const child = spawn(process.execPath, parameters, { cwd: join(directory, folder), env, stdio: 'pipe' })
      children.push(child)
      await answers(child, origin)
    },
    close: async () => {
      await Promise.all(children.map(stop))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * The server of the README and its page, taken from its text: the first two blocks. Only addresses are others here, and
 * the tests' keys, under which anyone can forge, are allowed by name.
 */
export function readmeCode(options: { port: number; origins: Origins }): { server: string; page: string } {
  const [, server = ''] = /^```js\n(.*?)^```$/ms.exec(read('sdk/README.md')) ?? []
  const [, page = ''] = /^```html\n(.*?)^```$/ms.exec(read('sdk/README.md')) ?? []
  return {
    server: withTestKeys(
      server
        .replaceAll('3000', `${options.port}`)
        .replaceAll('http://wallet.localhost:4400', options.origins.wallet)
        .replaceAll('http://issuer.localhost:4401', options.origins.issuer),
    ),
    page,
  }
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A port that nobody holds at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The sources of an example and nothing that was made of them. */
function copyExample(name: Example, target: string): void {
  const made = ['node_modules', '.next', 'touchstone', 'package-lock.json', 'package.json']
  cpSync(join(PROJECT_ROOT, 'examples', name), target, {
    recursive: true,
    filter: (source) => !(made.includes(basename(source)) && dirname(source) === join(PROJECT_ROOT, 'examples', name)),
  })
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
    const path = join(entry.parentPath, entry.name)
    writeFileSync(path, withTestKeys(readFileSync(path, 'utf8')))
  }
}

function withTestKeys(source: string): string {
  return source.replace('createVerifier({', 'createVerifier({ allowDevelopmentKeys: true,')
}

/** Waits for the site's own metadata; a server that ends before is quoted. */
async function answers(child: ChildProcess, origin: string): Promise<void> {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk))
  const url = `http://127.0.0.1:${new URL(origin).port}/.well-known/touchstone.json`
  const end = Date.now() + START_LIMIT_MS
  while (Date.now() < end && child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the server at ${origin} does not answer:\n${said}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

function read(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8')
}
