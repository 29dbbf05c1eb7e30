/**
 * Makes a function that computes what belongs to a key once, and keeps the `limit` results that were asked for last. For
 * what follows from the key alone. What `compute` throws is thrown on, and not kept.
 */
export function remembering<T>(limit: number): (key: string, compute: () => T) => T {
  // A Map iterates in the order of insertion, so that its first key is the one not asked for longest.
  const known = new Map<string, { readonly result: T }>()
  return (key, compute) => {
    const entry = known.get(key) ?? { result: compute() }
    known.delete(key)
    known.set(key, entry)
    const [oldest] = known.keys()
    if (known.size > limit && oldest !== undefined) known.delete(oldest)
    return entry.result
  }
}
