import type { BrowserContext, Page } from 'playwright-core'
import { jsonInputs, type ProverSite } from '../prover-site/site.ts'
import type { Pair, ProveCase, Sample } from './figures.ts'

type Setting = { site: ProverSite; workers: number; runs: number }

/** One proof each that is not counted, then in turn: keys, programs and threads of both sides stay where they are. */
export async function measureWarm(what: ProveCase, { site, workers, runs }: Setting): Promise<Pair<Sample[]>> {
  const context = await site.newContext()
  const [ours, peer] = [await site.open({ context, workers }), await site.openPeer({ context })]
  await peer.evaluate(([base, circuit]) => peerPage.fill(base, circuit), [site.base, what.id] as const)
  const samples: Pair<Sample[]> = { ours: [], snarkjs: [] }
  for (let run = -1; run < runs; run++) {
    const pair = { ours: await proveOurs(ours, what), snarkjs: await provePeer(peer, what, { site, workers }) }
    if (run < 0) continue
    samples.ours.push(pair.ours)
    samples.snarkjs.push(pair.snarkjs)
  }
  await context.close()
  return samples
}

/**
 * Each proof the first of a new page: its files are in Cache Storage, nothing is compiled or in memory. A page counts
 * from the moment it is asked, so that its own script is loaded on both sides.
 */
export async function measureCold(what: ProveCase, { site, workers, runs }: Setting): Promise<Pair<Sample[]>> {
  const samples: Pair<Sample[]> = { ours: [], snarkjs: [] }
  const context = await site.newContext()
  await filled(what, context, site, workers)
  for (let run = 0; run < runs; run++) {
    const ours = await site.open({ context, workers })
    samples.ours.push(await proveOurs(ours, what))
    await ours.close()
    const peer = await site.openPeer({ context })
    samples.snarkjs.push(await provePeer(peer, what, { site, workers }))
    await peer.close()
  }
  await context.close()
  return samples
}

export type MemorySamples = Pair<number[]> & { firstUse: number[]; idle: number[] }

/**
 * Peak resident memory, in bytes, of a renderer that has made three proofs from files in Cache Storage; of one that has
 * also fetched and unpacked them; and of one that has only loaded the page. Each in a browser of its own.
 */
export async function measureMemory(what: ProveCase, { site, workers, runs }: Setting): Promise<MemorySamples> {
  const samples: MemorySamples = { ours: [], snarkjs: [], firstUse: [], idle: [] }
  for (let run = 0; run < runs; run++) {
    await site.inFreshBrowser(async (fresh) => {
      const context = await fresh.newContext()
      const first = await fresh.open({ context, workers })
      samples.idle.push(await fresh.peakMemory())
      await prove(first, PROOFS, (page) => proveOurs(page, what))
      samples.firstUse.push(await fresh.peakMemory())
      await first.close()
      // A new page has a new renderer; what the closed one had is gone with it.
      await prove(await fresh.open({ context, workers }), PROOFS, (page) => proveOurs(page, what))
      samples.ours.push(await fresh.peakMemory())
    })
    await site.inFreshBrowser(async (fresh) => {
      const context = await fresh.newContext()
      const first = await fresh.openPeer({ context })
      await first.evaluate(([base, circuit]) => peerPage.fill(base, circuit), [site.base, what.id] as const)
      await first.close()
      await prove(await fresh.openPeer({ context }), PROOFS, (page) => provePeer(page, what, { site, workers }))
      samples.snarkjs.push(await fresh.peakMemory())
    })
  }
  return samples
}

async function prove(page: Page, proofs: number, once: (page: Page) => Promise<Sample>): Promise<void> {
  for (let proof = 0; proof < proofs; proof++) await once(page)
}

const PROOFS = 3

async function filled(what: ProveCase, context: BrowserContext, site: ProverSite, workers: number): Promise<void> {
  const [ours, peer] = [await site.open({ context, workers }), await site.openPeer({ context })]
  await proveOurs(ours, what)
  await peer.evaluate(([base, circuit]) => peerPage.fill(base, circuit), [site.base, what.id] as const)
  await ours.close()
  await peer.close()
}

async function proveOurs(page: Page, { id, inputs }: ProveCase): Promise<Sample> {
  const outcome = await page.evaluate(([circuit, values]) => proverPage.prove(circuit, values), [
    id,
    jsonInputs(inputs),
  ] as const)
  if (!('proof' in outcome)) throw new Error(`no proof of ${id}: ${outcome.name} ${outcome.code}`)
  const { starts, milliseconds } = outcome
  if (starts.witness === undefined || starts.prove === undefined) throw new Error(`${id}: a phase is missing`)
  return { fullMs: milliseconds, witnessMs: starts.prove - starts.witness, proveMs: milliseconds - starts.prove }
}

async function provePeer(
  page: Page,
  { id, inputs }: ProveCase,
  { site, workers }: { site: ProverSite; workers: number },
): Promise<Sample> {
  const request = { base: site.base, circuit: id, inputs: jsonInputs(inputs), singleThread: workers === 1 }
  const outcome = await page.evaluate((asked) => peerPage.prove(asked), request)
  if ('failure' in outcome) throw new Error(`snarkjs gave no proof of ${id}: ${outcome.failure}`)
  return { fullMs: outcome.milliseconds, witnessMs: outcome.witnessMs, proveMs: outcome.proveMs }
}
