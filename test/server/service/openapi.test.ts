import { expect, it } from 'vitest'
import { SERVER_ERROR_CODES } from '../../../sdk/server/error-codes.ts'
import { API_ROUTES } from '../../../server/service/api.ts'
import { openApiDocument } from '../../../server/service/openapi.ts'
import { SERVICE_ERROR_CODES } from '../../../server/service/service-error.ts'
import { CALLERS_CODES, statusOf } from '../../../server/service/status-of.ts'
import { PRESENTATION_STATUSES } from '../../../src/verifier/status.ts'

type Operation = {
  operationId?: string
  summary: string
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref: string } }> }>
  requestBody?: { content: Record<string, { schema: { $ref: string } }> }
  parameters?: { name: string; in: string; required: boolean }[]
  security?: Record<string, string[]>[]
}

// What is made of our own tables, and checked below to be of this form.
const document = openApiDocument() as {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Record<string, unknown>>; securitySchemes: Record<string, unknown> }
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

it('is OpenAPI 3.1 in its form', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
  for (const { path, method, operation } of operations) {
    expect(path).toMatch(/^\//)
    expect(['get', 'post']).toContain(method)
    expect(operation.summary.length, path).toBeGreaterThan(3)
    expect(Object.keys(operation.responses).length).toBeGreaterThan(0)
    for (const [status, { description }] of Object.entries(operation.responses)) {
      expect(status).toMatch(/^[2-5]\d\d$/)
      expect(description.length).toBeGreaterThan(0)
    }
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect((operation.parameters ?? []).map(({ name }) => name)).toEqual(named)
  }
  const ids = operations.flatMap(({ operation }) => operation.operationId ?? [])
  expect(new Set(ids).size).toBe(ids.length)
})

it('refers to nothing that it does not hold', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
  expect(references.length).toBeGreaterThan(10)
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect(references.filter((reference) => !known.includes(reference))).toEqual([])
  expect(JSON.stringify(document)).not.toMatch(/\$(schema|id)"/)
})

it('has every route of the service, each with its key and its refusals', () => {
  for (const { path, method, body, codes, status } of API_ROUTES) {
    const operation = document.paths[path]?.[method.toLowerCase()]
    expect(operation?.security, path).toEqual([{ apiKey: [] }])
    expect(operation?.responses[status], path).toBeDefined()
    expect(operation?.requestBody !== undefined, path).toBe(body !== undefined)
    for (const code of [...codes, 'api_key_unknown', 'internal_error']) {
      expect(operation?.responses[statusOf(code)]?.description, `${path} ${code}`).toContain(`\`${code}\``)
    }
  }
})

it('has every code that an answer can have', () => {
  const { properties } = document.components.schemas.Error as { properties: { error: { enum: string[] } } }
  const all = [
    ...Object.keys(SERVICE_ERROR_CODES),
    ...Object.keys(SERVER_ERROR_CODES),
    ...Object.values(PRESENTATION_STATUSES).map(({ code }) => code),
  ]
  expect(all.filter((code) => !properties.error.enum.includes(code))).toEqual([])
  // Those of the start never reach a caller, but for those that what he sent may cause.
  const described = operations.flatMap(({ operation }) => Object.values(operation.responses).map((r) => r.description))
  const START = Object.entries(SERVER_ERROR_CODES).filter(
    ([code, { status }]) => status === 500 && code !== 'internal_error' && !CALLERS_CODES.includes(code),
  )
  // The guards of a site that embeds the SDK have one of their own.
  const silent = new Set(['presentation_required', ...START.map(([code]) => code), 'route_unknown'])
  expect(all.filter((code) => !silent.has(code) && !described.some((text) => text.includes(`\`${code}\``)))).toEqual([])
})
