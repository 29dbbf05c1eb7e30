import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('./demo', import.meta.url))
/** `<touchstone-button>`, which the pages of forum and wine shop have. */
const buttonScript = fileURLToPath(new URL('./sdk/button.ts', import.meta.url))
/** The issuer is a service of its own, and so are its pages; the demo dresses them. */
const issuerStyle = fileURLToPath(new URL('./server/issuer/pages.css', import.meta.url))

/**
 * Builds what the pages of one demo site load: `vite build --config vite.demo.config.ts --mode forum` (or `wine`,
 * `issuer`) gives `dist/<site>/` with `style.css`, `mark.svg` and, for those that ask the wallet, `page.js`.
 */
export default defineConfig(({ mode: site }) => ({
  root,
  base: './',
  publicDir: `${root}/public`,
  build: {
    outDir: fileURLToPath(new URL(`./dist/${site}`, import.meta.url)),
    emptyOutDir: true,
    // Nothing inline: the pages' policy allows this origin's files only.
    assetsInlineLimit: 0,
    modulePreload: false,
    // The tokens resolve light-dark() where they are used; rewritten for older browsers they would resolve at the root.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    rollupOptions: {
      input: {
        style: site === 'issuer' ? issuerStyle : `${root}/style/${site}.css`,
        ...(site !== 'issuer' && { page: buttonScript }),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
}))
