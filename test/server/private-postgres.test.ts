import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findPostgres, NoPostgresError, startPostgres } from '../../scripts/postgres.ts'
import { codeOfAsync } from '../expect-code.ts'
import { until } from '../until.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchstone-clusters-'))
  // The server may run as another user, who has to come by here.
  chmodSync(folder, 0o711)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The rows of one statement, each as the texts of its columns. */
async function ask(url: string, sql: string): Promise<string[][]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return rows.map((row) => row.map(String))
  } finally {
    await client.end()
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test('a cluster is durable, takes settings, and leaves nothing', async () => {
  const cluster = await startPostgres({ directory: folder, settings: { max_connections: 7 } })
  const setting = async (name: string) => (await ask(cluster.url, `show ${name}`))[0]?.[0]
  expect(dirname(cluster.directory)).toBe(folder)
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) expect(await setting(name)).toBe('on')
  expect(await setting('listen_addresses')).toBe('127.0.0.1')
  expect(await setting('max_connections')).toBe('7')
  const other = await cluster.createDatabase('other')
  expect(await ask(other, 'select current_database()')).toEqual([['other']])
  expect(await codeOfAsync(cluster.createDatabase('other'))).toBe('postgres_failed')
  await cluster.stop()
  expect(readdirSync(folder)).toEqual([])
  expect(await answers(cluster.port)).toBe(false)
})

test('a cluster that was killed serves what it had committed again', async () => {
  const cluster = await startPostgres({ directory: folder })
  await ask(cluster.url, 'create table kept (n int)')
  await ask(cluster.url, 'insert into kept values (7)')
  await cluster.kill('SIGKILL')
  expect(cluster.pid()).toBeUndefined()
  expect(await answers(cluster.port)).toBe(false)
  await cluster.restart()
  expect(await ask(cluster.url, 'select n from kept')).toEqual([['7']])
  await cluster.stop()
})

test('a setting that PostgreSQL refuses is told, and leaves nothing', async () => {
  const starting = startPostgres({ directory: folder, settings: { fsync: 'perhaps' } })
  await expect(starting).rejects.toMatchObject({ code: 'postgres_failed', message: expect.stringContaining('"fsync"') })
  expect(readdirSync(folder)).toEqual([])
})

test.each(['SIGKILL', 'SIGINT'] as const)('the server goes with a process that is ended by %s', async (signal) => {
  const source = `
    import { startPostgres } from ${JSON.stringify(resolve('scripts/postgres.ts'))}
    const { port, directory } = await startPostgres({ directory: ${JSON.stringify(folder)} })
    console.log(JSON.stringify({ port, directory }))
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next()
  const { port, directory }: { port: number; directory: string } = JSON.parse(String(value))
  expect(await answers(port)).toBe(true)
  child.kill(signal)
  await once(child, 'exit')
  await until(() => !existsSync(directory))
  expect(await answers(port)).toBe(false)
})

test('POSTGRES_BIN names the folder of the programs, and nothing else is taken then', () => {
  const programs = findPostgres()
  expect(findPostgres({ POSTGRES_BIN: programs })).toBe(programs)
  expect(() => findPostgres({ POSTGRES_BIN: folder })).toThrow(NoPostgresError)
})
