import { ARTEFACTS_PATH } from '../../protocol/artefacts-path.ts'

/** The parts of a service worker's global scope that are used (Service Workers §4); the DOM types have none of it. */
type LifeEvent = { waitUntil(work: Promise<unknown>): void }
type FetchEvent = { readonly request: Request; respondWith(response: Promise<Response>): void }
type Scope = {
  /** Put in by the build: every file of the pages, with its revision where the name does not carry one. */
  readonly __WB_MANIFEST: readonly { readonly url: string }[]
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
}
declare const self: Scope

const CACHE = 'touchstone-pages'
const PAGE = '/index.html'
/** Key-set files: the prover keeps them itself, by their hash. */
const ARTEFACTS = `${ARTEFACTS_PATH}/`
/** Files whose names change with their content. */
const ASSETS = '/assets/'

/** The manifest's icons come twice, and a cache refuses to take one address twice at once. */
const files = [...new Set(self.__WB_MANIFEST.map(({ url }) => new URL(url, self.location.origin).pathname))]

self.addEventListener('install', (event) => event.waitUntil(keep(files)))
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith(ARTEFACTS)) return
  if (request.mode === 'navigate') event.respondWith(freshFirst(request, PAGE))
  else if (pathname.startsWith(ASSETS)) event.respondWith(keptFirst(request, pathname))
  else if (files.includes(pathname)) event.respondWith(freshFirst(request, pathname))
})

async function keep(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE)
  // Past the HTTP cache: an old page kept with new scripts would not start.
  await cache.addAll(paths.map((path) => new Request(path, { cache: 'reload' })))
}

async function forgetOthers(): Promise<void> {
  const cache = await caches.open(CACHE)
  const stale = (await cache.keys()).filter((request) => !files.includes(new URL(request.url).pathname))
  await Promise.all(stale.map((request) => cache.delete(request)))
}

/** The newest page while there is a network, for a wallet's mistakes must not outlive their repair. */
async function freshFirst(request: Request, path: string): Promise<Response> {
  try {
    return await fetch(request)
  } catch (cause) {
    const kept = await caches.match(path)
    if (kept === undefined) throw cause
    return kept
  }
}

async function keptFirst(request: Request, path: string): Promise<Response> {
  const kept = await caches.match(path)
  if (kept !== undefined) return kept
  const response = await fetch(request)
  if (response.ok) await (await caches.open(CACHE)).put(path, response.clone())
  return response
}
