import { deviceKeyHash } from '../../src/protocol/device.ts'
import { ISSUER_METADATA_PATH, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { serializePresentation } from '../../src/protocol/presentation.ts'
import { parseStatusHistory, STATUS_HISTORY_PATH, statusListPath } from '../../src/protocol/status-history.ts'
import { parseStatusList, statusTree } from '../../src/protocol/status-list.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import type { ListedIssuer } from '../../src/wallet/standing.ts'
import { makePresentation } from '../fixtures/presentation.ts'
import type { Holder } from './holder.ts'
import { form, type HttpAnswer, send } from './http-client.ts'

/** One browser at one site: its cookies. */
export class SiteVisitor {
  readonly site: Origin
  #cookies = new Map<string, string>()

  constructor(site: Origin) {
    this.site = site
  }

  async go(path: string, options: Parameters<typeof send>[1] = {}): Promise<HttpAnswer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send(this.site + path, { ...options, headers: { ...options.headers, cookie } })
    for (const text of answer.cookies) {
      const [pair = '', ...attributes] = text.split('; ')
      const [name = '', value = ''] = pair.split('=')
      for (const wanted of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']) {
        if (!name.startsWith('__Host-') || !attributes.includes(wanted)) throw new Error(`a lax cookie: ${text}`)
      }
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  post(path: string, fields: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.go(path, form(fields, this.site))
  }

  postJson(path: string, body: unknown): Promise<HttpAnswer> {
    const headers = { 'content-type': 'application/json', origin: this.site }
    return this.go(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)
  }
}

/** A wallet as far as a site sees it. */
export type TestWallet = { holder: Holder; held: HeldCredential; prover: WorkerProver; walletOrigin: Origin }

/** Opens a session, answers it as a wallet does, and gives the code that the wallet would hand to the page. */
export async function answerRequest(visitor: SiteVisitor, request: string, wallet: TestWallet): Promise<string> {
  const opened = await visitor.postJson('/touchstone/sessions', { request })
  return answerSession(visitor.site, opened.json() as { session: string; jws: string }, wallet)
}

/** Answers a session that somebody else has opened. */
export async function answerSession(
  site: Origin,
  session: { session: string; jws: string },
  { holder, held, prover, walletOrigin }: TestWallet,
): Promise<string> {
  const presentation = await makePresentation({
    person: {
      holderSecret: holder.secret,
      deviceKey: deviceKeyHash(holder.key.publicKey),
      held,
    },
    issuers: [await fetchIssuer(held.credential.issuer)],
    jws: session.jws,
    prove: async (circuit, { inputs }) => (await prover.prove(circuit, inputs)).proof,
  })
  const answer = await send(`${site}/touchstone/sessions/${session.session}/presentation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: walletOrigin },
    body: JSON.stringify(serializePresentation(presentation)),
  })
  if (answer.status !== 200) throw new Error(`the presentation was answered with ${answer.status}: ${answer.body}`)
  return (answer.json() as { code: string }).code
}

/** What an issuer publishes, with the newest epoch of its status list. */
export async function fetchIssuer(origin: Origin): Promise<ListedIssuer> {
  const metadata = parseIssuerMetadata((await send(origin + ISSUER_METADATA_PATH)).json(), origin)
  const [newest] = await parseStatusHistory((await send(origin + STATUS_HISTORY_PATH)).json(), metadata)
  if (!newest) throw new Error('a history has an epoch')
  const list = parseStatusList((await send(origin + statusListPath(newest.epoch))).bytes)
  return { metadata, epoch: newest, list, tree: statusTree(list) }
}
