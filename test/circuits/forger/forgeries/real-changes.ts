/** The changes that are changes; undefined if there is none. */
export function realChanges(
  witness: readonly bigint[],
  changes: Iterable<readonly [wire: number, value: bigint]>,
): Map<number, bigint> | undefined {
  const real = new Map([...changes].filter(([wire, value]) => witness[wire] !== value))
  return real.size > 0 ? real : undefined
}
