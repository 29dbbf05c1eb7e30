import type { ActivityEntry } from '../../wallet/wallet.ts'

export type DayGroup = {
  readonly key: string
  readonly name: 'today' | 'yesterday' | 'date'
  /** An instant of that day, Unix seconds. */
  readonly at: number
  readonly thisYear: boolean
  readonly entries: readonly ActivityEntry[]
}

/** Entries by days of the reader's own time zone, in the order they come. */
export function groupByDay(entries: readonly ActivityEntry[], now: Date): DayGroup[] {
  const today = dayKey(now)
  const yesterday = dayKey(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))
  const groups: (DayGroup & { entries: ActivityEntry[] })[] = []
  for (const entry of entries) {
    const date = new Date(entry.at * 1000)
    const key = dayKey(date)
    const last = groups.at(-1)
    if (last?.key === key) last.entries.push(entry)
    else {
      const name = key === today ? 'today' : key === yesterday ? 'yesterday' : 'date'
      groups.push({ key, name, at: entry.at, thisYear: date.getFullYear() === now.getFullYear(), entries: [entry] })
    }
  }
  return groups
}

function dayKey(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}
