/** A figure held against what it must meet, as the `--json` reports of the scripts list it. */
export type Bar = {
  readonly name: string
  readonly value: number
  /** `rows`, `s`, …; `yes` for a condition, 1 when it holds. */
  readonly unit: string
  /** Inclusive. */
  readonly bound: number
  /** On which side of the bound the value must be. */
  readonly wanted: 'atLeast' | 'atMost'
  readonly ok: boolean
}

type Measured = Pick<Bar, 'name' | 'value' | 'unit'>

/** @param also what must hold besides, such as that nothing went wrong on the way */
export function atLeast(bound: number, measured: Measured, also = true): Bar {
  return { ...measured, bound, wanted: 'atLeast', ok: measured.value >= bound && also }
}

export function atMost(bound: number, measured: Measured): Bar {
  return { ...measured, bound, wanted: 'atMost', ok: measured.value <= bound }
}

/** A line of a table; `width` is that of the longest name. */
export function barLine({ name, value, unit, bound, wanted, ok }: Bar, width: number): string {
  const side = wanted === 'atLeast' ? 'at least' : 'at most'
  return `${ok ? 'met   ' : 'missed'}  ${name.padEnd(width)}${String(value).padStart(12)} ${unit}, ${side} ${bound}`
}

/** The length of the longest name. */
export function barWidth(bars: readonly Bar[]): number {
  return Math.max(...bars.map(({ name }) => name.length))
}
