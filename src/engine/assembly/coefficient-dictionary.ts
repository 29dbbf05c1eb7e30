import { HALF_ORDER, ORDER, UNIT } from './generated/coefficient-constants'

/** What {@link Dictionary.identify} says of zero, and of what is not below r. */
export const ZERO: i32 = -1
export const INVALID: i32 = -2

const HEADER: usize = 16
/** A coefficient, and for it and its negative the place among those that a program uses, from 1 on; 0 for none. */
const ENTRY: usize = 32 + 4 + 4
const SLOT: usize = 4
const NEGATED = memory.data(32, 16)

/**
 * Gives coefficients, as a `.zkey` writes them, numbers in the order of their first occurrence: 2k and 2k + 1 are each
 * other's negatives. Behind the header stand open addresses, twice as many as there is room for coefficients, each an
 * entry's index + 1 or 0, and behind these the entries. So whatever follows can be appended, where it is the last.
 */
@unmanaged
export class Dictionary {
  private capacity: u32
  count: u32
  /** The number of 1; that of −1 differs in the lowest bit. */
  one: i32

  /** Bytes that a dictionary takes with room for `capacity` coefficients, a power of two. */
  static bytes(capacity: u32): usize {
    return HEADER + (2 * SLOT + ENTRY) * <usize>capacity
  }

  begin(capacity: u32): void {
    this.capacity = capacity
    this.count = 0
    memory.fill(this.slots, 0, 2 * SLOT * <usize>capacity)
    this.one = this.identify(UNIT)
  }

  /** How many coefficients may still be new. */
  get room(): u32 {
    return this.capacity - this.count
  }

  /** How many more bytes {@link grow} takes. */
  get growth(): usize {
    return Dictionary.bytes(2 * this.capacity) - Dictionary.bytes(this.capacity)
  }

  /** Twice the room, into {@link growth} bytes behind it. */
  grow(): void {
    const before = this.entry(0)
    this.capacity *= 2
    memory.copy(this.entry(0), before, ENTRY * <usize>this.count)
    memory.fill(this.slots, 0, 2 * SLOT * <usize>this.capacity)
    for (let index: u32 = 0; index < this.count; index++) store<u32>(this.slotOf(this.entry(index)), index + 1)
  }

  /** The number of the coefficient at an address, or {@link ZERO}, or {@link INVALID}. There must be room. */
  identify(coefficient: usize): i32 {
    if (isZero(coefficient)) return ZERO
    const negative = less(HALF_ORDER, coefficient)
    if (negative) {
      if (!less(coefficient, ORDER)) return INVALID
      negate(NEGATED, coefficient)
      coefficient = NEGATED
    }
    const slot = this.slotOf(coefficient)
    let found = load<u32>(slot)
    if (found === 0) {
      const entry = this.entry(this.count)
      memory.copy(entry, coefficient, 32)
      store<u64>(entry, 0, 32)
      found = ++this.count
      store<u32>(slot, found)
    }
    return <i32>(2 * (found - 1)) + i32(negative)
  }

  /** Where the place of a number's coefficient among those in use is kept. */
  use(number: u32): usize {
    return this.entry(number >>> 1) + 32 + 4 * (<usize>number & 1)
  }

  /** Writes the coefficient of a number, 32 bytes. */
  read(to: usize, number: u32): void {
    const entry = this.entry(number >>> 1)
    if (number & 1) negate(to, entry)
    else memory.copy(to, entry, 32)
  }

  private get slots(): usize {
    return changetype<usize>(this) + HEADER
  }

  private entry(index: u32): usize {
    return this.slots + 2 * SLOT * <usize>this.capacity + ENTRY * <usize>index
  }

  /** The address where a coefficient's index + 1 is, or would be: no more than half of them are taken. */
  private slotOf(coefficient: usize): usize {
    const mask = 2 * this.capacity - 1
    let at = hash(coefficient) & mask
    while (true) {
      const slot = this.slots + SLOT * <usize>at
      const found = load<u32>(slot)
      if (found === 0 || equal(this.entry(found - 1), coefficient)) return slot
      at = (at + 1) & mask
    }
  }
}

/** Whether 32 bytes are zero. */
export function isZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) === 0
}

/** A step of hashing: the state with a word mixed in. */
export function mixed(state: u64, word: u64): u64 {
  const product = (state ^ word) * 0x9e3779b97f4a7c15
  return product ^ (product >>> 32)
}

function hash(a: usize): u32 {
  return <u32>mixed(mixed(mixed(mixed(0, load<u64>(a)), load<u64>(a, 8)), load<u64>(a, 16)), load<u64>(a, 24))
}

function equal(a: usize, b: usize): bool {
  return (
    load<u64>(a) === load<u64>(b) &&
    load<u64>(a, 8) === load<u64>(b, 8) &&
    load<u64>(a, 16) === load<u64>(b, 16) &&
    load<u64>(a, 24) === load<u64>(b, 24)
  )
}

function less(a: usize, b: usize): bool {
  for (let word: usize = 32; word > 0; ) {
    word -= 8
    const left = load<u64>(a + word),
      right = load<u64>(b + word)
    if (left !== right) return left < right
  }
  return false
}

/** r less a coefficient that is neither zero nor above r. */
function negate(to: usize, from: usize): void {
  let borrow: u64 = 0
  for (let word: usize = 0; word < 32; word += 8) {
    const left = load<u64>(ORDER + word),
      right = load<u64>(from + word)
    store<u64>(to + word, left - right - borrow)
    borrow = u64(left < right) | (u64(left === right) & borrow)
  }
}
