import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'

/** The largest peak of resident memory among a browser's renderers, in bytes. Linux only: it reads `/proc`. */
export async function peakRendererMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const peaks = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakOf(id)))
  return Math.max(...peaks)
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`process ${pid} has no peak of resident memory`)
  return 1024 * Number(kilobytes)
}
