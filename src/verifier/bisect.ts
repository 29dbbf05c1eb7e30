/** How a set is judged: all of some at once, or one by itself. */
export type Judges<Item> = {
  /** Whether all of them hold; asked of two at least. */
  readonly together: (items: readonly Item[]) => boolean
  readonly alone: (item: Item) => boolean
}

/** Below this, looking at each alone costs no more than halving again. */
const SMALLEST_HALVED = 8

/**
 * Which items hold, in their order. All at once; where that fails, the half that fails is halved again, so that one bad
 * item is found among many good ones. Where both halves fail there are several, and each of them is looked at alone.
 * Nothing is refused because of its group: that an item does not hold is said by `alone` only.
 *
 * Whoever sends bad items must not make the rest expensive. With n items, `together` sees 3n items in all at most;
 * where `alone` is asked of all n, it has seen 2n, and every halving before that saves half of the `alone`. So where an
 * item costs less than half as much together as alone, the worst case, all of them bad, costs less than twice
 * what looking at each alone does.
 */
export function findHolding<Item>(items: readonly Item[], { together, alone }: Judges<Item>): boolean[] {
  const allHold = (from: number, to: number): boolean => together(items.slice(from, to))
  if (items.length > 1 && allHold(0, items.length)) return items.map(() => true)

  // Everything outside of [from, to) holds.
  let [from, to] = [0, items.length]
  while (to - from >= SMALLEST_HALVED) {
    const middle = (from + to) >> 1
    if (allHold(from, middle)) from = middle
    else if (allHold(middle, to)) to = middle
    else break
  }
  return items.map((item, index) => index < from || index >= to || alone(item))
}
