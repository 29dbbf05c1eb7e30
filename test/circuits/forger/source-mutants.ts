/** One change of one source file that a reviewer could overlook. */
export type SourceMutant = {
  /** `<file>:<line>:<operator>`, and a number where a line has several. */
  readonly id: string
  /** As in the sources that were given. */
  readonly path: string
  /** The whole file with the change. */
  readonly text: string
  /** The changed line, trimmed; empty where it was taken out. */
  readonly line: string
}

/** All single changes of these circom files, in order of path and place. Many do not compile; some change nothing. */
export function sourceMutants(sources: ReadonlyMap<string, string>): SourceMutant[] {
  return [...sources].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([path, text]) => mutantsOf(path, text))
}

/**
 * Some of them, the same for the same count: operator by operator in turn and spread over the files, so that each kind of
 * mistake is among them.
 */
export function chosenMutants(mutants: readonly SourceMutant[], count: number): SourceMutant[] {
  const byOperator = new Map<string, SourceMutant[]>()
  for (const mutant of mutants) {
    const operator = mutant.id.split(':')[2]?.replace(/#\d+$/, '') ?? ''
    byOperator.set(operator, [...(byOperator.get(operator) ?? []), mutant])
  }
  const queues = [...byOperator.values()].map(spread)
  const chosen: SourceMutant[] = []
  for (let round = 0; chosen.length < Math.min(count, mutants.length); round++) {
    for (const queue of queues) {
      const next = queue[round]
      if (next && chosen.length < count) chosen.push(next)
    }
  }
  return chosen
}

type Change = { readonly from: number; readonly to: number; readonly by: string }
type Operator = { readonly name: string; readonly changes: (code: string, inputs: readonly string[]) => Change[] }

const OPERATORS: readonly Operator[] = [
  // Takes out an assertion, or a check that stands for itself.
  { name: 'dropped', changes: (code) => wholeLine(code, /===|^\s*[A-Z]\w*\([\w, ]*\)\(.*\);\s*$|_ <== /) },
  { name: 'unconstrained', changes: (code) => replacing(code, /<==/g, () => ['<--']) },
  {
    name: 'constant',
    changes: (code) => replacing(code, /(?<![\w.])\d+(?![\w.])/g, (text) => [`${BigInt(text) + 1n}`, ...lower(text)]),
  },
  {
    name: 'index',
    changes: (code) => replacing(code, /(?<=\w\[)(?:i|level)(?=\])/g, (text) => [`(${text} + 1) % 4`, '0']),
  },
  { name: 'swapped', changes: swappedArguments },
  { name: 'replaced', changes: replacedArguments },
  {
    name: 'hexadecimal',
    changes: (code) => replacing(code, /0x[0-9a-f]+/g, (text) => [`0x${(BigInt(text) + 1n).toString(16)}`]),
  },
  {
    name: 'private',
    changes: (code) => (/public \[/.test(code) ? replacing(code, /\w+, |, \w+(?=\])/g, () => ['']) : []),
  },
  { name: 'element', changes: changedElements },
  { name: 'times', changes: (code) => replacing(code, / \* /g, () => [' + ']) },
  { name: 'plus', changes: (code) => replacing(code, /(?<!\+) \+ /g, () => [' - ']) },
  { name: 'minus', changes: (code) => replacing(code, / - /g, () => [' + ']) },
]

function mutantsOf(path: string, text: string): SourceMutant[] {
  const lines = withoutComments(text).split('\n')
  const original = text.split('\n')
  const file = path.slice(path.lastIndexOf('/') + 1)
  const inputs = lines.flatMap((code) => /^\s*signal input (\w+);/.exec(code)?.slice(1) ?? [])
  return lines.flatMap((code, index): SourceMutant[] => {
    // Where arguments go by place, the order of two declarations is the order of two arguments.
    const next = lines[index + 1] ?? ''
    if (isDeclaration(code) && isDeclaration(next)) {
      const text = original
        .with(index, next)
        .with(index + 1, code)
        .join('\n')
      return [{ id: `${file}:${index + 1}:declared`, path, text, line: next.trim() }]
    }
    if (/^\s*(?:pragma|include|signal (?:input|output) \S+;|template|$)/.test(code)) return []
    return OPERATORS.flatMap(({ name, changes }) =>
      changes(code, inputs).map((change, place): SourceMutant => {
        const line = code.slice(0, change.from) + change.by + code.slice(change.to)
        const mutated = original.with(index, line).join('\n')
        const id = `${file}:${index + 1}:${name}${place > 0 ? `#${place + 1}` : ''}`
        return { id, path, text: mutated, line: line.trim() }
      }),
    )
  })
}

function isDeclaration(code: string): boolean {
  return /^\s*signal (?:input|output) \w+;/.test(code)
}

function wholeLine(code: string, pattern: RegExp): Change[] {
  return pattern.test(code) && code.trimEnd().endsWith(';') ? [{ from: 0, to: code.length, by: '' }] : []
}

function replacing(code: string, pattern: RegExp, others: (text: string) => string[]): Change[] {
  return [...code.matchAll(pattern)].flatMap(({ index, 0: text }) =>
    others(text).map((by) => ({ from: index, to: index + text.length, by })),
  )
}

function lower(number: string): string[] {
  return number === '0' ? [] : [`${BigInt(number) - 1n}`]
}

const ARGUMENT = String.raw`\w+(?:\[\w+\])?(?:\(\))?`

/** Neighbours in a list of arguments or elements, where both are plain names, elements or tags. */
function swappedArguments(code: string): Change[] {
  const pair = new RegExp(`(?<=[[(]|, )(${ARGUMENT}), (${ARGUMENT})(?=, |[\\])])`, 'g')
  const changes: Change[] = []
  for (let match = pair.exec(code); match; match = pair.exec(code)) {
    const [text, one = '', two = ''] = match
    changes.push({ from: match.index, to: match.index + text.length, by: `${two}, ${one}` })
    pair.lastIndex = match.index + one.length
  }
  return changes
}

/** An element or argument that is one more, or nothing. */
function changedElements(code: string): Change[] {
  if (/public \[|template|function/.test(code)) return []
  const element = new RegExp(`(?<=\\)\\((?:\\[)?|\\w, |\\), |\\], )(?!\\d)${ARGUMENT}(?=, |\\]?\\);?$|\\]\\))`, 'g')
  return replacing(code.trimEnd(), element, (text) => [`${text} + 1`, '0'])
}

/** An argument of a component in whose place stands another input of the template. */
function replacedArguments(code: string, inputs: readonly string[]): Change[] {
  const call = /(?<=\)\()[\w, ]+(?=\);)/.exec(code)
  if (!call) return []
  return replacing(call[0], /\w+/g, (text) =>
    inputs.includes(text) ? inputs.filter((input) => input !== text) : [],
  ).map(({ from, to, by }) => ({ from: call.index + from, to: call.index + to, by }))
}

/** Comments as blanks, so that places stay. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '))
}

/** The first, the last, the middle, and so on between those: any beginning of the list is spread over all of it. */
function spread<Item>(items: readonly Item[]): Item[] {
  const order: Item[] = []
  const taken = new Set<number>()
  for (let parts = 1; order.length < items.length; parts *= 2) {
    for (let part = 0; part <= parts; part++) {
      const index = Math.round((part / parts) * (items.length - 1))
      const item = items[index]
      if (taken.has(index) || item === undefined) continue
      taken.add(index)
      order.push(item)
    }
  }
  return order
}
