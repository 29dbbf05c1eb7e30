import { readdirSync, readFileSync } from 'node:fs'

/** Process ids of a process's children, as Linux shows them. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => parentOf(pid) === `${parent}`).map(Number)
}

/** Those of a postmaster that serve clients. */
export function backendsOf(postmaster: number | undefined): number[] {
  const children = postmaster === undefined ? [] : childrenOf(postmaster)
  return children.filter((pid) => readOf(`${pid}`, 'cmdline').startsWith('postgres: postgres '))
}

function parentOf(pid: string): string | undefined {
  const stat = readOf(pid, 'stat')
  // After the name in parentheses: the state, then the parent.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
}

/** Empty where it has ended in between. */
function readOf(pid: string, file: 'stat' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
