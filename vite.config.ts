import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { licences } from './src/ui/build/licences-plugin.ts'
import { SCRIPT_TARGET, STYLE_TARGET } from './src/ui/build/targets.ts'

const ROOT = import.meta.dirname

/**
 * The wallet's pages → dist/wallet. `TOUCHSTONE_KEY_SET` names the key set that this build pins (base64url of the hash
 * of its manifest); a wallet that pins none must not be built.
 */
export default defineConfig((): UserConfig => {
  const { collect, write } = licences()
  return {
    root: ROOT,
    define: { __TOUCHSTONE_KEY_SET__: JSON.stringify(pinnedKeySet()) },
    plugins: [react(), write, pwa()],
    worker: { format: 'es', plugins: () => [collect()] },
    build: {
      outDir: resolve(ROOT, 'dist/wallet'),
      emptyOutDir: true,
      target: SCRIPT_TARGET,
      cssTarget: STYLE_TARGET,
      // The CSP allows nothing inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 3000,
    },
  }
})

function pinnedKeySet(): string {
  const hash = process.env.TOUCHSTONE_KEY_SET ?? ''
  if (!/^[A-Za-z0-9_-]{43}$/.test(hash)) {
    throw new Error('TOUCHSTONE_KEY_SET must name the key set to pin: 43 characters of base64url')
  }
  return hash
}

function pwa() {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src/ui/service-worker',
    filename: 'service-worker.ts',
    // Registered by the page itself, through its Trusted Types policy.
    injectRegister: null,
    injectManifest: {
      globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'],
      // The prover and what checks its proofs are fetched when they are first needed, and kept then.
      globIgnores: ['assets/worker-*.js', 'assets/proof-check-*.js'],
      maximumFileSizeToCacheInBytes: 4_000_000,
    },
    manifest: {
      name: 'Touchstone',
      short_name: 'Touchstone',
      description: 'Sign in and prove facts about yourself with your security key, without handing over the facts.',
      id: '/',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      background_color: '#20272c',
      theme_color: '#20272c',
      icons: [
        { src: '/mark.svg', sizes: 'any', type: 'image/svg+xml' },
        { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: '/icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
  })
}
