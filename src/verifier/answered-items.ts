import type { Answer, Presentation } from '../protocol/presentation.ts'
import { type CredentialItem, isAnswered, itemsOf, partsOf, type Query, type QueryItem } from '../protocol/query.ts'
import type { Refusal } from './check.ts'

export type LoginAnswer = Extract<Answer, { circuit: 'login-v1' }>
export type PresentAnswer = Extract<Answer, { circuit: 'present-v1' }>

/** An item of the query with the answers to all its parts. */
export type AnsweredItem =
  | {
      readonly circuit: 'login-v1'
      readonly item: Exclude<QueryItem, CredentialItem>
      readonly answers: readonly [LoginAnswer]
    }
  | {
      readonly circuit: 'present-v1'
      readonly item: CredentialItem
      readonly answers: readonly [PresentAnswer, ...PresentAnswer[]]
    }

/**
 * Puts each answer to the item that it answers, in the order of the query. An item is answered whole or not at all, each
 * part once and by the circuit for it, and the answered items answer the query.
 */
export function readAnsweredItems({ answers }: Presentation, query: Query): AnsweredItem[] | Refusal {
  const items = new Map(itemsOf(query).map((item) => [item.id, item]))
  const given = new Map<string, Answer>()
  for (const answer of answers) {
    const item = items.get(answer.item)
    if (!item) return { status: 'ITEM_UNKNOWN' }
    const part = partOf(answer)
    const place = JSON.stringify([item.id, part])
    if (given.has(place)) return { status: 'ITEM_REPEATED' }
    if (answer.circuit !== circuitOf(item)) return { status: 'CIRCUIT_MISMATCH' }
    if (part >= partsOf(item).length) return { status: 'PART_UNKNOWN' }
    given.set(place, answer)
  }
  const answered = [...items.values()].map((item) => answeredItem(item, answers)).filter((found) => found !== undefined)
  // Each answer has a place of its own, so counting them tells whether one is missing.
  const isWhole = answered.every(({ item, answers }) => answers.length === partsOf(item).length)
  const ids = new Set(answered.map(({ item }) => item.id))
  return isWhole && isAnswered(query, ids) ? answered : { status: 'QUERY_UNANSWERED' }
}

function answeredItem(item: QueryItem, answers: readonly Answer[]): AnsweredItem | undefined {
  const own = answers.filter((answer) => answer.item === item.id)
  if (item.type === 'login') {
    const [answer] = own.filter((answer) => answer.circuit === 'login-v1')
    return answer && { circuit: answer.circuit, item, answers: [answer] }
  }
  const [first, ...rest] = own.filter((answer) => answer.circuit === 'present-v1')
  return first && { circuit: first.circuit, item, answers: [first, ...rest] }
}

function partOf(answer: Answer): number {
  return answer.circuit === 'present-v1' ? answer.part : 0
}

function circuitOf(item: QueryItem): Answer['circuit'] {
  return item.type === 'login' ? 'login-v1' : 'present-v1'
}
