/** First byte of a proof: what the thread does with it. */
export const DEEDS = { accept: 1, refuse: 2, wait: 3, exit: 4, fail: 5, failOnce: 6 } as const

/** Places in the shared memory; the threads wait while that of the gate is 0. */
export const COUNTS = { requests: 0, proofs: 1, largest: 2, starts: 3, failures: 4, gate: 5 } as const
