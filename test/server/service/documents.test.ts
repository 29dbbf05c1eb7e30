import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { inspectConfiguration, readConfiguration } from '../../../server/service/configuration.ts'
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

it('the secrets that everybody knows would not start it', () => {
  const known = {
    TOUCHSTONE_API_KEYS: EXAMPLE_SECRET,
    TOUCHSTONE_DATABASE: 'postgres://touchstone:touchstone@postgres/x',
  }
  const compose = readFileSync(join(ROOT, 'compose.yaml'), 'utf8')
  // Of the form that the check above reads.
  const { environment = {} } = (parse(compose) as Compose).services.service ?? {}
  const rest = Object.entries(environment).filter(([name]) => !name.endsWith('_FILE') && !name.endsWith('_REQUESTS'))
  const faultsOf = (changes: Record<string, string>) => {
    const { faults } = inspectConfiguration({ ...Object.fromEntries(rest), ...changes })
    return faults.map(({ variable }) => variable).sort()
  }
  expect(faultsOf(known)).toEqual(['TOUCHSTONE_API_KEYS', 'TOUCHSTONE_DATABASE', 'TOUCHSTONE_REQUESTS'])
  expect(faultsOf({ ...known, TOUCHSTONE_MODE: 'development' })).toEqual(['TOUCHSTONE_REQUESTS'])
  // What is secret is in files that the repository does not have.
  expect(compose).not.toMatch(/password: |:\/\/[^/\s]*:[^/\s]*@/i)
})

/** Every file of ours that a module reaches, and every package. */
function reached(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set([entry])
  const packages = new Set<string>()
  // Grows while it is walked.
  for (const file of files) {
    const source = readFileSync(join(ROOT, file), 'utf8')
    for (const [statement, name = ''] of source.matchAll(
      /(?:^import\s[^'"]*?|^} from |^export\s[^'"]*? from |import\()'([^']+)'/gm,
    )) {
      if (/^(import|export) type /.test(statement) || name.startsWith('node:')) continue
      // Without an ending it stands in a text of the engine's own sources.
      if (name.startsWith('.')) /\.m?[jt]s$/.test(name) && files.add(join(file, '..', name))
      else packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    }
  }
  return { files, packages }
}

it('the Dockerfile takes along what the command needs, and its user owns none of it', () => {
  const dockerfile = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8')
  const taken = [...dockerfile.matchAll(/^COPY --from=build --chown=root:root \/app\/(\S+)/gm)].map(
    ([, path = '']) => path,
  )
  const { files, packages } = reached('scripts/touchstone.mjs')
  expect(files.size).toBeGreaterThan(150)
  expect([...files].filter((file) => !taken.some((path) => file === path || file.startsWith(`${path}/`)))).toEqual([])
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  // The engine's compiler, which is reached where the engine is not compiled.
  expect([...packages].filter((name) => !(name in dependencies))).toEqual(['assemblyscript'])
  expect(taken).toContain('build/sdk/button.js')
  expect(dockerfile).toMatch(/^USER node$/m)
})
