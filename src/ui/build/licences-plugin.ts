import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

/** Name of the written file, below the wallet's origin. */
export const LICENCES_FILE = 'licences.txt'

/**
 * Two Vite plugins that write the licence of every npm package in the bundle to {@link LICENCES_FILE}: `collect` for
 * the build of the workers, which Vite bundles apart, and `write` for the pages.
 */
export function licences(): { collect: () => Plugin; write: Plugin } {
  const packages = new Set<string>()
  const note = (bundle: Readonly<Record<string, { readonly type: string }>>) => {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk' || !('modules' in output)) continue
      for (const id of Object.keys(output.modules as object)) {
        const folder = packageFolder(id)
        if (folder !== undefined) packages.add(folder)
      }
    }
  }
  return {
    collect: () => ({ name: 'touchstone:collect-licences', generateBundle: (_options, bundle) => note(bundle) }),
    write: {
      name: 'touchstone:write-licences',
      generateBundle(_options, bundle) {
        note(bundle)
        const source = [...packages].sort().map(licenceOf).join('\n\n')
        this.emitFile({ type: 'asset', fileName: LICENCES_FILE, source })
      },
    },
  }
}

/** The folder of the npm package a module belongs to; undefined for our own. */
function packageFolder(id: string): string | undefined {
  const file = id.replace(/^\0/, '').split('?', 1)[0] ?? ''
  if (!file.includes('/node_modules/')) return undefined
  for (let folder = dirname(file); !folder.endsWith('/node_modules'); folder = dirname(folder)) {
    // Packages hold nested package.json files without a name, which only set a module type.
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && 'name' in JSON.parse(readFileSync(manifest, 'utf8'))) return folder
    if (folder === dirname(folder)) return undefined
  }
  return undefined
}

function licenceOf(folder: string): string {
  const manifest: { name: string; version: string; license?: string } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.|-|$)/i.test(name))
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  return `${'='.repeat(78)}\n${manifest.name} ${manifest.version}: ${manifest.license ?? 'see its own text'}\n${text}`
}
