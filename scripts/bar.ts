/** A figure held against what it must meet, as the `--json` reports of the scripts list it. */
export type Bar = {
  name: string
  value: number
  /** `rows`, `s`, …; `yes` for a condition, 1 when it holds. */
  unit: string
  /** Inclusive: the greatest value of a measure, the wanted one of a condition. */
  bound: number
  ok: boolean
}
