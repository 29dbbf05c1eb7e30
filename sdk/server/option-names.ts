import { serverError } from './error-codes.ts'

/**
 * Throws `option_invalid` for a member that is not among the `known` names, with the one that was probably meant.
 * `prefix`: of a nested option, such as `store.`.
 */
export function refuseUnknownNames(prefix: string, value: object, known: readonly string[]): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue
    const [nearest] = known
      .map((candidate) => ({ candidate, distance: distanceOf(name.toLowerCase(), candidate.toLowerCase()) }))
      .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
      .sort((a, b) => a.distance - b.distance)
    const hint = nearest ? `did you mean ${prefix}${nearest.candidate}?` : `there are ${known.join(', ')}`
    throw serverError('option_invalid', `${prefix}${name.slice(0, 64)}: there is no such option; ${hint}`)
  }
}

/** The number of letters to insert, drop or change (Levenshtein 1966). */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [index, other] of [...to].entries()) {
      const change = (row[index] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
