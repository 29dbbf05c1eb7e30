import { afterEach, expect, test, vi } from 'vitest'
import { createScriptUrls } from '../../src/ui/trusted-types.ts'

const ORIGIN = 'https://wallet.example'

afterEach(() => vi.unstubAllGlobals())

test('only the wallet’s own scripts become addresses of scripts', () => {
  const scriptUrl = createScriptUrls(['/assets/worker-1.js', '/service-worker.js'], ORIGIN)
  expect(scriptUrl('/assets/worker-1.js')).toBe('https://wallet.example/assets/worker-1.js')
  for (const url of [
    '/assets/worker-2.js',
    'https://evil.example/service-worker.js',
    'data:text/javascript,1',
    '/service-worker.js?x',
  ]) {
    expect(() => scriptUrl(url)).toThrow(TypeError)
  }
})

test('where there are Trusted Types, by one policy named touchstone', () => {
  const createPolicy = vi.fn((_name: string, rules: { createScriptURL(url: string): string }) => ({
    createScriptURL: (url: string) => `trusted ${rules.createScriptURL(url)}`,
  }))
  vi.stubGlobal('trustedTypes', { createPolicy })
  const scriptUrl = createScriptUrls(['/service-worker.js'], ORIGIN)
  expect(scriptUrl('/service-worker.js')).toBe('trusted https://wallet.example/service-worker.js')
  expect(() => scriptUrl('/other.js')).toThrow(TypeError)
  expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['touchstone'])
})
