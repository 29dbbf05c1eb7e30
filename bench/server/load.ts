/**
 * Sends requests over connections that stay open, in a process of its own: plain sockets, each with one request under
 * way, and no more of HTTP than the server's answers need. What it takes of the machine is part of the load.
 */
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

export type LoadOrder = {
  /** Of each server; the connections are spread over them evenly. */
  readonly ports: readonly number[]
  readonly connections: number
  readonly requests: readonly LoadRequest[]
}

/** A POST of JSON. */
export type LoadRequest = {
  readonly path: string
  readonly origin: string
  readonly body: string
  readonly cookie?: string
}

export type LoadReport = {
  /** From the first request to the last answer. */
  readonly seconds: number
  /** In the order of the requests. */
  readonly answers: readonly LoadAnswer[]
}

export type LoadAnswer = {
  readonly status: number
  readonly body: string
  /** The Set-Cookie header's `name=value`. */
  readonly cookie: string | undefined
  readonly milliseconds: number
}

const sockets = new Map<string, Socket>()

process.on('disconnect', () => process.exit())
process.on('message', async (order: LoadOrder) => process.send?.(await run(order)))

async function run({ ports, connections, requests }: LoadOrder): Promise<LoadReport> {
  const lines = await Promise.all(
    Array.from({ length: connections }, (_, index) => connect(ports[index % ports.length] ?? 0, index)),
  )
  const texts = requests.map(textOf)
  const answers: LoadAnswer[] = new Array(requests.length)
  let next = 0
  const began = performance.now()
  await Promise.all(
    lines.map(async (socket) => {
      for (let index = next++; index < texts.length; index = next++) {
        const sent = performance.now()
        const answer = await exchange(socket, texts[index] ?? '')
        answers[index] = { ...answer, milliseconds: performance.now() - sent }
      }
    }),
  )
  return { seconds: (performance.now() - began) / 1000, answers }
}

async function connect(port: number, index: number): Promise<Socket> {
  const name = `${port} ${index}`
  const known = sockets.get(name)
  if (known && !known.destroyed) return known
  const socket = createConnection({ host: '127.0.0.1', port, noDelay: true }).setEncoding('latin1')
  sockets.set(name, socket)
  await once(socket, 'connect')
  return socket
}

function textOf({ path, origin, body, cookie }: LoadRequest): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `origin: ${origin}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(cookie === undefined ? [] : [`cookie: ${cookie}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

function exchange(socket: Socket, text: string): Promise<Omit<LoadAnswer, 'milliseconds'>> {
  return new Promise((resolve, reject) => {
    let received = ''
    const onData = (chunk: string) => {
      received += chunk
      const answer = parseAnswer(received)
      if (!answer) return
      socket.off('data', onData).off('close', onClose)
      resolve(answer)
    }
    const onClose = () => reject(new Error(`the server hung up: ${received.slice(0, 200)}`))
    socket.on('data', onData).on('close', onClose)
    socket.write(text)
  })
}

const END_OF_CHUNKS = '\r\n0\r\n\r\n'

/** Undefined while there is more to come. */
function parseAnswer(received: string): Omit<LoadAnswer, 'milliseconds'> | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = received.slice(0, end)
  const rest = received.slice(end + 4)
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  if (length === undefined ? !rest.endsWith(END_OF_CHUNKS) : rest.length < Number(length)) return undefined
  return {
    status: Number(head.slice(9, 12)),
    // An answer of the SDK is small: where it is in chunks, it is in one.
    body: length === undefined ? rest.slice(rest.indexOf('\r\n') + 2, -END_OF_CHUNKS.length) : rest,
    cookie: /^set-cookie: ([^;]+)/im.exec(head)?.[1],
  }
}
