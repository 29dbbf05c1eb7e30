import type { Group } from './msm.ts'

/** Into how many windows a multiplication of `count` points divides the 127 bits of half scalars. */
export function windowsFor(_group: Group, count: number): number {
  const width = Math.max(2, Math.round(Math.log2(count + 1) - 1.3))
  return Math.max(10, Math.ceil(127 / width))
}
