/** The drawn streaks there are (streaks.json). */
export const STREAKS = ['a', 'b', 'c', 'd'] as const
export type StreakPattern = (typeof STREAKS)[number]

/** The outlines of hallmarks there are. */
export const PUNCHES = ['octagon', 'shield', 'circle'] as const
export type Punch = (typeof PUNCHES)[number]

/** The streak of a site, the same each time. A reminder, no security feature: there are only a few. */
export function streakOf(origin: string): StreakPattern {
  return STREAKS[hash(origin) % STREAKS.length] ?? 'a'
}

/** The outline of an issuer's hallmark. */
export function punchOf(origin: string): Punch {
  return PUNCHES[(hash(origin) >>> 8) % PUNCHES.length] ?? 'octagon'
}

/** FNV-1a, 32 bits, with a last mixing step, for its low bits alone are poor. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193)
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
  return (state ^ (state >>> 13)) >>> 0
}
