import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { installDebianPackage } from './debian-package.ts'
import { findProgram } from './find-program.ts'
import { startRemover } from './postgres/remover.ts'

const PROGRAM = 'redis-server'
const PLACES = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']
const READY_LIMIT_MS = 10_000
const PORT_TRIES = 3

/** There is no Redis, and none could be installed; the message says how to get one. */
export class NoRedisError extends Error {
  override readonly name = 'NoRedisError'
  readonly code = 'redis_missing'
}

/** The server did not start; the message ends with what it said. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
  readonly code = 'redis_failed'
}

/**
 * The path of redis-server, installed from Debian's packages where there is none and this process may (root, apt-get).
 * Throws {@link NoRedisError}.
 */
export function ensureRedis(report: (line: string) => void): string {
  const found = findProgram(PROGRAM, PLACES)
  if (found !== undefined) return found
  report('No Redis here: installing the Debian package redis-server …')
  const installed = installDebianPackage(PROGRAM) ? findProgram(PROGRAM, PLACES) : undefined
  if (installed !== undefined) return installed
  throw new NoRedisError('No Redis was found. Debian, Ubuntu: sudo apt-get install redis-server')
}

/** A private Redis on 127.0.0.1 that keeps nothing on disk. */
export type RedisServer = {
  /** `redis://…` */
  readonly url: string
  /** As by `kill -9`. */
  kill(): Promise<void>
  /** Serves, empty, on the same port again, after {@link RedisServer.kill}. */
  restart(): Promise<void>
  /** Ends it and removes its folder. Also done when this process ends, by whatever way. */
  stop(): Promise<void>
}

/** Starts one. Throws `redis_missing` and {@link RedisError}. */
export async function startRedis(
  report: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<RedisServer> {
  const program = ensureRedis(report)
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-redis-'))
  const remover = startRemover(directory)
  let child: ChildProcess | undefined
  let port = 0

  async function start(): Promise<void> {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no']
    const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    started.once('error', (error) => (said += String(error)))
    remover.tell(started.pid)
    const deadline = performance.now() + READY_LIMIT_MS
    while (!said.includes('Ready to accept connections')) {
      if (started.exitCode !== null || started.pid === undefined || performance.now() > deadline) {
        started.kill('SIGKILL')
        throw new RedisError(`Redis did not start: ${said.trim()}`)
      }
      await setTimeout(10)
    }
    child = started
  }

  async function kill(): Promise<void> {
    const running = child
    child = undefined
    if (!running) return
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
    remover.tell(undefined)
  }

  try {
    for (let tries = 1; port === 0; tries++) {
      port = await freePort()
      try {
        await start()
      } catch (error) {
        // Another program may have taken the port in between.
        if (tries === PORT_TRIES || !String(error).includes('ddress already in use')) throw error
        port = 0
      }
    }
  } catch (error) {
    await remover.remove()
    throw error
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: start,
    async stop() {
      await kill()
      await remover.remove()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new RedisError('no port is free')
  return address.port
}
