import type { KeySetProgress } from '../keys.ts'

/** Reports what `ensureKeySet` makes, for people: one line a step, not one a call, which come many times a second. */
export function reportKeys(say: (line: string) => void): (progress: KeySetProgress) => void {
  let last = ''
  return (progress) => {
    const line = describe(progress)
    if (line !== last) say(line)
    last = line
  }
}

function describe(progress: KeySetProgress): string {
  if (progress.stage === 'circuits') return `Compiling the circuit ${progress.circuit} (once) …`
  const quarters = Math.floor((4 * progress.done) / progress.total)
  return `Making keys for ${progress.circuit} (once): ${25 * quarters} %`
}
