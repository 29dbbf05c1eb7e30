import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Account, serverAccount } from './account.ts'
import { PostgresError } from './error.ts'
import { ensurePostgres } from './find.ts'
import { type Remover, startRemover } from './remover.ts'

const run = promisify(execFile)

export type PostgresOptions = {
  /**
   * The folder that the cluster's own is made in, which the server's user must be able to enter; the system's folder for
   * temporary files unless given.
   */
  readonly directory?: string
  /** Settings of the server, such as `{ max_connections: 20 }`, over those that a cluster has by default. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Told what is being installed, where that is needed; stderr unless given. */
  readonly report?: (line: string) => void
}

/** A private PostgreSQL on 127.0.0.1, whose data is gone with it. */
export type PostgresCluster = {
  /** `postgres://…` of its first database; every local user may connect as its superuser, without a password. */
  readonly url: string
  readonly port: number
  /** The folder of the data, of the socket and of the server's log. */
  readonly directory: string
  /** The process id of the postmaster; undefined while it is down. */
  pid(): number | undefined
  /** Makes an empty database and gives its `postgres://…`. */
  createDatabase(name: string): Promise<string>
  /** Sends a signal to the postmaster and waits for its end: `SIGINT` is an orderly stop, `SIGKILL` a crash. */
  kill(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void>
  /** Serves the same data on the same port again, after {@link PostgresCluster.kill}. */
  restart(): Promise<void>
  /** Stops the server and removes the folder. Also done when this process ends, by whatever way. */
  stop(): Promise<void>
}

/** As durable as PostgreSQL comes: fsync, synchronous_commit and full_page_writes are on. */
const SETTINGS: Readonly<Record<string, string | number>> = {
  listen_addresses: '127.0.0.1',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '32MB',
  max_connections: 60,
}

const USER = 'postgres'
const READY_LIMIT_MS = 30_000
const PORT_TRIES = 3

/**
 * Makes and starts a private cluster, in some two seconds. PostgreSQL does not run as root: there it runs as the system's
 * user `postgres`, or `nobody`. Throws `postgres_missing` and {@link PostgresError}.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresCluster> {
  const { report = (line) => process.stderr.write(`${line}\n`), settings = {} } = options
  const programs = ensurePostgres(report)
  const account = serverAccount()
  const directory = mkdtempSync(join(options.directory ?? tmpdir(), 'touchstone-postgres-'))
  if (account) chownSync(directory, account.uid, account.gid)
  const remover = startRemover(directory)
  const place = { programs, directory, account, remover, settings: { ...SETTINGS, ...settings } }
  try {
    await initialise(programs, directory, account)
    for (let tries = 1; ; tries++) {
      const port = await freePort()
      const server = new Postmaster({ ...place, port })
      try {
        await server.start()
        return clusterOf(server)
      } catch (error) {
        // Another program may have taken the port in between.
        if (tries === PORT_TRIES || !server.log().includes('could not bind')) throw error
      }
    }
  } catch (error) {
    await remover.remove()
    throw error
  }
}

function clusterOf(server: Postmaster): PostgresCluster {
  const { port, directory, programs, remover } = server.place
  const urlOf = (database: string) => `postgres://${USER}@127.0.0.1:${port}/${database}`
  return {
    url: urlOf('postgres'),
    port,
    directory,
    pid: () => server.pid(),
    async createDatabase(name) {
      await tell(join(programs, 'createdb'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', USER, '--', name])
      return urlOf(name)
    },
    kill: (signal) => server.kill(signal),
    restart: () => server.start(),
    async stop() {
      await server.kill('SIGINT')
      await remover.remove()
    },
  }
}

type Place = {
  readonly programs: string
  readonly directory: string
  readonly account: Account | undefined
  readonly remover: Remover
  readonly port: number
  readonly settings: Readonly<Record<string, string | number>>
}

class Postmaster {
  readonly place: Place
  #process: ChildProcess | undefined

  constructor(place: Place) {
    this.place = place
  }

  pid(): number | undefined {
    return this.#process?.pid
  }

  log(): string {
    return readFileSync(join(this.place.directory, 'log'), 'utf8')
  }

  /** Until the server takes connections. After a crash, the last of its backends may take a moment to notice. */
  async start(): Promise<void> {
    const deadline = performance.now() + READY_LIMIT_MS
    for (;;) {
      const logged = this.#spawn()
      while (this.#process && performance.now() < deadline) {
        if (isReady(this.place.directory, this.#process.pid)) return
        await setTimeout(20)
      }
      const said = this.log().slice(logged)
      if (this.#process || performance.now() > deadline || !said.includes('is still in use')) {
        await this.kill('SIGQUIT')
        throw new PostgresError(`PostgreSQL did not start: ${said.trim()}`)
      }
      await setTimeout(50)
    }
  }

  async kill(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const child = this.#process
    if (!child) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  /** Starts the process; gives the length of the log before. */
  #spawn(): number {
    const { programs, directory, account, remover, port, settings } = this.place
    const log = openSync(join(directory, 'log'), 'a')
    const logged = this.log().length
    const all = { ...settings, port, unix_socket_directories: directory }
    const args = [
      '-D',
      dataOf(directory),
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]
    const stdio = ['ignore', log, log] as const
    const child = spawn(join(programs, 'postgres'), args, { stdio: [...stdio], cwd: directory, ...account })
    closeSync(log)
    const ended = () => {
      if (this.#process !== child) return
      this.#process = undefined
      remover.tell(undefined)
    }
    child.once('exit', ended).once('error', ended)
    this.#process = child
    remover.tell(child.pid)
    return logged
  }
}

async function initialise(programs: string, directory: string, account: Account | undefined): Promise<void> {
  const args = ['-D', dataOf(directory), '-A', 'trust', '-U', USER, '-E', 'UTF8', '--locale=C', '--no-sync']
  await tell(join(programs, 'initdb'), args, { cwd: directory, ...account })
}

async function tell(program: string, args: string[], options: { cwd?: string; uid?: number; gid?: number } = {}) {
  try {
    await run(program, args, options)
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new PostgresError(`${program} failed: ${said === '' ? String(cause) : said}`, { cause })
  }
}

function dataOf(directory: string): string {
  return join(directory, 'data')
}

/** The postmaster writes its state as the eighth line of its pid file, its process id as the first. */
function isReady(directory: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(dataOf(directory), 'postmaster.pid'), 'utf8').split('\n')
    return lines[0] === `${pid}` && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new PostgresError('no port is free')
  return address.port
}
