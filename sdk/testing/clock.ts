/** A clock that runs on from where it begins, and that a test can turn forward. */
export type TestClock = {
  readonly read: () => Date
  /** Seconds. */
  readonly advance: (seconds: number) => void
}

/** `start`: where it begins; the real time unless given. */
export function createTestClock(start: Date = new Date()): TestClock {
  let offset = start.getTime() - Date.now()
  return {
    read: () => new Date(Date.now() + offset),
    advance: (seconds) => {
      offset += seconds * 1000
    },
  }
}
