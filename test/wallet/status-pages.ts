import { makeStatusPublisher, type StatusPublisher } from '../../sdk/testing/status-publisher.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { STATUS_HISTORY_PATH, statusListPath } from '../../src/protocol/status-history.ts'
import type { StatusList } from '../../src/protocol/status-list.ts'
import type { Answer } from './web.ts'

/** What an issuer serves of its status list; it can be told to misbehave in one way. */
export class StatusPages {
  publisher: StatusPublisher
  /** Changes the history that is served. */
  history: (honest: ReturnType<StatusPublisher['served']>) => unknown = (honest) => honest
  /** Changes a copy of the list that is served. */
  list: (honest: StatusList) => Uint8Array<ArrayBuffer> = (honest) => honest

  /** `publishedAt`: of the first epoch, in Unix seconds. */
  constructor(issuer: Origin, publishedAt: number, keys: readonly IssuerKey[]) {
    this.publisher = makeStatusPublisher({ issuer, publishedAt, keys })
  }

  answer(path: string): Answer | undefined {
    const { publisher } = this
    if (path === STATUS_HISTORY_PATH) return { json: this.history(publisher.served()) }
    if (path === statusListPath(publisher.epoch.epoch)) return { bytes: this.list(publisher.list.slice()) }
    return undefined
  }
}
