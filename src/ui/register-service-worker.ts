/** Address of the built service worker (service-worker/service-worker.ts). */
export const SERVICE_WORKER_URL = '/service-worker.js'

/**
 * Makes the wallet's pages open without a network. `scriptUrl` vouches for the address (Trusted Types). A browser that
 * refuses (private mode, blocked storage) has a wallet all the same, only not offline.
 */
export function registerServiceWorker(scriptUrl: (url: string) => string): void {
  if (!('serviceWorker' in navigator)) return
  const register = () => {
    navigator.serviceWorker.register(scriptUrl(SERVICE_WORKER_URL), { scope: '/' }).catch((cause: unknown) => {
      console.warn('The wallet will not open offline:', cause)
    })
  }
  // After the page itself, so that it does not wait for what is only needed next time.
  if (document.readyState === 'complete') register()
  else addEventListener('load', register, { once: true })
}
