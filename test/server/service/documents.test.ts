import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfiguration } from '../../../server/service/configuration.ts'
import { EXAMPLE_SECRET } from '../../../server/service/secret-strength.ts'
import { variablesTable } from '../../../server/service/variables-table.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-documents-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

it('docs/service.md has every variable, as the code has it', () => {
  expect(readFileSync(join(ROOT, 'docs/service.md'), 'utf8')).toContain(variablesTable())
})

it('docs/service.md has the key that production refuses as the one of the example', () => {
  expect(readFileSync(join(ROOT, 'docs/service.md'), 'utf8')).toContain(`TOUCHSTONE_API_KEYS=${EXAMPLE_SECRET}\n`)
})

type Compose = {
  services: Record<string, { environment?: Record<string, string>; secrets?: string[]; volumes?: string[] }>
  secrets: Record<string, { file: string }>
  volumes: Record<string, unknown>
}

it('compose.yaml configures a service that would start in production', () => {
  // Of the form that the checks below read.
  const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')) as Compose
  const { environment = {}, secrets = [] } = compose.services.service ?? {}
  expect(Object.values(environment).every((value) => typeof value === 'string')).toBe(true)
  const contents: Record<string, string> = {
    '/run/secrets/database': 'postgres://touchstone:c41f9a6be0d74c38a1f5277e90b3d6@postgres/touchstone',
    '/run/secrets/signing_key': '{"version":1}',
    '/run/secrets/api_keys': `sha256:${'5c'.repeat(32)}`,
    '/etc/touchstone/requests.json': '{"signIn":{"type":"login","id":"login"}}',
  }
  const named = Object.entries(environment).filter(([name]) => /_FILE$|_REQUESTS$/.test(name))
  expect(named.map(([, path]) => path).sort()).toEqual(Object.keys(contents).sort())
  const placed = named.map(([name, path], index) => {
    const file = join(directory, `${index}`)
    writeFileSync(file, contents[path] ?? '')
    chmodSync(file, 0o600)
    return [name, file]
  })
  const configuration = readConfiguration({ ...environment, ...Object.fromEntries(placed) })
  expect(configuration).toMatchObject({ TOUCHSTONE_MODE: 'production', TOUCHSTONE_ADMIN_PORT: 4411 })
  for (const service of Object.values(compose.services)) {
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (!source.startsWith('.')) expect(compose.volumes).toHaveProperty(source)
    }
  }
  expect(secrets.map((secret) => `/run/secrets/${secret}`).sort()).toEqual(
    Object.keys(contents)
      .filter((path) => path.startsWith('/run/'))
      .sort(),
  )
})
