import { useEffect, useState } from 'react'
import type { WalletLink } from '../../protocol/window-message.ts'
import { PageError } from '../page-error.ts'
import { openWindowChannel } from '../transport/window-channel.ts'
import { linkReply, type Reply, windowReply } from './reply.ts'

/** How long a site may take to send its request after its window was opened, in milliseconds. */
const PATIENCE = 20_000

export type Incoming =
  | { readonly status: 'waiting' }
  | { readonly status: 'came'; readonly jws: string; readonly origin?: string; readonly reply: Reply }
  | { readonly status: 'failed'; readonly error: unknown; readonly reply?: Reply }

/** Where the request comes from: the page that opened this window, or the link itself. */
export function useRequest(link: WalletLink | undefined): Incoming {
  const [incoming, setIncoming] = useState<Incoming>({ status: 'waiting' })
  useEffect(() => {
    if (link === undefined) {
      setIncoming({ status: 'failed', error: new PageError('opener_missing', 'the address names no request') })
      return
    }
    if ('request' in link) {
      setIncoming({ status: 'came', jws: link.request, reply: linkReply(link.request, window) })
      return
    }
    return listen(link.from, setIncoming)
  }, [link])
  return incoming
}

function listen(from: string, settle: (incoming: Incoming) => void): (() => void) | undefined {
  try {
    const channel = openWindowChannel({
      page: window,
      from,
      onRequest: ({ jws, origin }) => {
        clearTimeout(timer)
        if (channel !== undefined) settle({ status: 'came', jws, origin, reply: windowReply(channel, window) })
      },
    })
    if (channel === undefined) throw new PageError('opener_missing', 'no page opened this window')
    const timer = setTimeout(() => {
      const error = new PageError('site_silent', 'the page that opened this window sent no request')
      settle({ status: 'failed', error, reply: windowReply(channel, window) })
    }, PATIENCE)
    return () => {
      clearTimeout(timer)
      channel.close()
    }
  } catch (error) {
    settle({ status: 'failed', error })
    return undefined
  }
}
