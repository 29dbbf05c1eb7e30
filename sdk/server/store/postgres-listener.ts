import type { Client } from 'pg'
import type { Listening, ListenOptions } from './database.ts'
import { CHANNEL } from './postgres-database.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

/**
 * Listens on a connection of its own, and connects anew when that is lost, after ever longer pauses. The connection does
 * not keep the process alive.
 */
export function listenOn(createClient: () => Client, { onSession, onConnected, onError }: ListenOptions): Listening {
  let closed = false
  let current: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let pause = FIRST_RETRY_MS

  async function connect(): Promise<void> {
    const client = createClient()
    current = client
    client.on('notification', ({ payload }) => payload && onSession(payload))
    const lost = () => {
      if (current !== client) return
      current = undefined
      if (!closed) retry()
    }
    client.on('error', (error) => {
      if (!closed) onError(error)
      lost()
    })
    client.on('end', lost)
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      pause = FIRST_RETRY_MS
      if (!closed) onConnected()
    } catch (error) {
      if (!closed) onError(error)
      lost()
      end(client)
    }
  }

  function retry(): void {
    timer = setTimeout(connect, pause)
    timer.unref()
    pause = Math.min(pause * 2, LAST_RETRY_MS)
  }

  void connect()
  return {
    close() {
      closed = true
      clearTimeout(timer)
      if (current) end(current)
    },
  }
}

function end(client: Client): void {
  // It is over either way; a connection that is lost already cannot be ended.
  client.end().catch(() => undefined)
}
