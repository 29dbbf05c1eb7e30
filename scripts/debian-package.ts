import { spawnSync } from 'node:child_process'

/**
 * Installs a package of Debian or Ubuntu where this process may: as root, with apt-get. False where it may not, and
 * where apt-get failed; what that said went to stderr.
 */
export function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  // A list of packages that is partly out of reach may still hold this one.
  run('update', '-q')
  return run('install', '-q', '-y', '--no-install-recommends', name)
}
