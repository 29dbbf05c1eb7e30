import type { TraceEvent } from './trace.ts'

/** A presentation and the code that it was answered by. */
export type Answered = { readonly session: string; readonly code: string }

/**
 * Whether the disk had the log before the answer left: of what was written between the presentation's coming and its
 * answer, all, where nothing else is under way; or some at least, where others are written for in the meantime.
 */
export function isSafe(events: readonly TraceEvent[], answered: Answered, which: 'all' | 'some'): boolean {
  const [came, left] = spanOf(events, answered)
  const within = events.slice(came, left)
  const writes = within.flatMap(({ kind }, index) => (kind === 'log written' ? [came + index] : []))
  const written = which === 'all' ? writes.at(-1) : writes[0]
  if (written === undefined) return false
  return within.some((event) => event.kind === 'log synced' && event.from > written)
}

/** How often the log was synced between the first of some answers' presentations and the last of the answers. */
export function countSyncs(events: readonly TraceEvent[], answers: readonly Answered[]): number {
  const spans = answers.map((answered) => spanOf(events, answered))
  const first = Math.min(...spans.map(([came]) => came))
  const last = Math.max(...spans.map(([, left]) => left))
  return events.slice(first, last).filter(({ kind }) => kind === 'log synced').length
}

function spanOf(events: readonly TraceEvent[], { session, code }: Answered): [came: number, left: number] {
  const came = events.findIndex((event) => event.kind === 'presentation read' && event.session === session)
  const left = events.findIndex((event) => event.kind === 'answered' && event.code === code)
  if (came < 0 || left < came) throw new Error('the trace lacks a presentation that was answered')
  return [came, left]
}
