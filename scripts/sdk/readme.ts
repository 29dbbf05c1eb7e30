import { posix } from 'node:path'
import { LIBRARY } from './manifest.ts'

/**
 * sdk/README.md as it lies in the package: links to sources lead to the modules made of them; what a link leads to
 * outside of the package, its words say without it.
 */
export function packedReadme(readme: string, files: ReadonlyMap<string, string>): string {
  return readme.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (link, words: string, target: string) => {
    if (/^([a-z]+:|#)/.test(target)) return link
    const path = posix.join('sdk', target)
    const packed = [`${LIBRARY}/${path.replace(/\.tsx?$/, '.js')}`, path].find((candidate) => files.has(candidate))
    return packed === undefined ? words : `[${words}](${packed})`
  })
}
