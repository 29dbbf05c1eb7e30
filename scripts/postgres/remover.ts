import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Reads the process id of the server, or an empty line while there is none, until the pipe is closed; then stops the
 * server that is still there and removes its folder.
 */
const SCRIPT = `
server=
while read -r line; do server=$line; done
if [ -n "$server" ] && kill -QUIT "$server" 2> /dev/null; then
  tries=0
  while [ $tries -lt 100 ] && [ -e "$0/data/postmaster.pid" ]; do sleep 0.05; tries=$((tries + 1)); done
fi
rm -rf "$0"
`

export type Remover = {
  /** Which process serves from the folder now. */
  tell(server: number | undefined): void
  /** Does at once what it would do when this process ends. */
  remove(): Promise<void>
}

/**
 * A process beside this one that stops a cluster and removes its folder when this process ends, killed or not: then the
 * pipe between the two closes.
 */
export function startRemover(directory: string): Remover {
  const child = spawn('sh', ['-c', SCRIPT, directory], { stdio: ['pipe', 'ignore', 'inherit'], detached: true })
  const { stdin } = child
  const ended = once(child, 'exit')
  child.unref()
  // A pipe to a child is a socket at this end, which would keep the process; its type says only that it can be written.
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  return {
    tell: (server) => stdin.write(`${server ?? ''}\n`),
    async remove() {
      child.ref()
      stdin.end()
      await ended
    },
  }
}
