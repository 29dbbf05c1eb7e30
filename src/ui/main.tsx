import { ARTEFACTS_PATH } from '../protocol/artefacts-path.ts'
import { createBrowserProver } from '../prover/browser.ts'
import workerUrl from '../prover/worker.ts?worker&url'
import { createWallet } from '../wallet/index.ts'
import { mount } from './mount.tsx'
import { registerServiceWorker, SERVICE_WORKER_URL } from './register-service-worker.ts'
import { createScriptUrls } from './trusted-types.ts'

const scriptUrl = createScriptUrls([workerUrl, SERVICE_WORKER_URL], location.origin)
const keySetHash = __TOUCHSTONE_KEY_SET__

const wallet = createWallet({
  prover: createBrowserProver({
    createWorker: () => new Worker(scriptUrl(workerUrl), { type: 'module', name: 'prover' }),
    location: { keySetHash, base: ARTEFACTS_PATH },
  }),
  keySetHash,
  rpId: location.hostname,
  origin: location.origin,
})

const element = document.getElementById('wallet')
if (element === null) throw new Error('index.html has no place for the wallet')
mount(element, { wallet, keySetHash, now: () => new Date() })
if (import.meta.env.PROD) registerServiceWorker(scriptUrl)
