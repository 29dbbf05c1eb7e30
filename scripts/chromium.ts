import { join } from 'node:path'
import { installDebianPackage } from './debian-package.ts'
import { isExecutable, pathFolders } from './find-program.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const PLACES = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Flags for a Chromium that talks to nobody but the pages under test. A new profile is the caller's duty. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** There is no Chromium, and none could be installed; the message says how to get one. */
export class NoChromiumError extends Error {
  override readonly name = 'NoChromiumError'
  readonly code = 'chromium_missing'
}

/**
 * The path of a Chromium or Chrome: `CHROMIUM_PATH`, then the usual names on PATH and in the usual places. Undefined if
 * there is none. Throws {@link NoChromiumError} if `CHROMIUM_PATH` names nothing that can be run.
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.CHROMIUM_PATH
  if (named !== undefined) {
    if (!isExecutable(named)) throw new NoChromiumError(`CHROMIUM_PATH names no program that can be run: ${named}`)
    return named
  }
  const candidates = [...pathFolders(environment), ...PLACES].flatMap((place) => [
    place,
    ...NAMES.map((name) => join(place, name)),
  ])
  return candidates.find((path) => /chrom/i.test(path.slice(path.lastIndexOf('/') + 1)) && isExecutable(path))
}

/**
 * The path of a Chromium, installed from Debian's packages where there is none and this process may (root, apt-get).
 * Throws {@link NoChromiumError}.
 */
export function ensureChromium(report: (line: string) => void): string {
  const found = findChromium()
  if (found !== undefined) return found
  report('No Chromium here: installing the Debian package chromium (a minute or two) …')
  const installed = installDebianPackage('chromium') ? findChromium() : undefined
  if (installed !== undefined) return installed
  throw new NoChromiumError(
    'No Chromium or Chrome was found. Install one (Debian, Ubuntu: sudo apt-get install chromium), or name it in CHROMIUM_PATH.',
  )
}
