import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** A program of this folder that answers each message by one. */
export type Child<Order, Report> = {
  ask(order: Order): Promise<Report>
  end(): Promise<void>
}

/** Starts the program; with what it first said. Whoever waits for it while it ends gets an error. */
export async function startChild<First, Order, Report>(
  program: 'site.ts' | 'load.ts' | 'bare.ts',
  { args = [], execArgv = [], isReady = true }: { args?: string[]; execArgv?: string[]; isReady?: boolean } = {},
): Promise<Child<Order, Report> & { readonly first: First | undefined }> {
  const child = fork(resolve(import.meta.dirname, program), args, {
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  // The programs are ours: each says what its types have.
  const next = <T>() => nextMessage(child, program) as Promise<T>
  const first = isReady ? await next<First>() : undefined
  return {
    first,
    ask(order) {
      const report = next<Report>()
      // What goes through a process channel is cloned; that it can be is for the types of the orders.
      child.send(order as NodeJS.Dict<unknown>)
      return report
    },
    async end() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

function nextMessage(child: ChildProcess, program: string): Promise<unknown> {
  return new Promise((fulfil, reject) => {
    const onMessage = (message: unknown) => {
      child.off('exit', onExit)
      fulfil(message)
    }
    const onExit = () => {
      child.off('message', onMessage)
      reject(new Error(`${program} ended before it answered`))
    }
    child.once('message', onMessage).once('exit', onExit)
  })
}
