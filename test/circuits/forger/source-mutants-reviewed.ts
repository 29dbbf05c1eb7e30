import type { CircuitId } from '../../../src/protocol/signals.ts'

/** A change that no test notices, for there is nothing to notice. */
export type ReviewedMutant = {
  /** The file and the operator, as in the mutant's id. */
  readonly id: RegExp
  /** Matched against the line as it reads after the change; empty where it was taken out. */
  readonly line: RegExp
  readonly reason: string
}

const BOUND: ReviewedMutant = {
  id: /^(?:issue|login)\.circom:\d+:element/,
  line: /^Bound\(\)\(context \+ 1\);$/,
  reason: 'the square of one more binds the context as well as its own',
}

const PRIVATE_ORDER: ReviewedMutant = {
  id: /^(?:issue|login|group|present)\.circom:\d+:declared/,
  line: /^signal input /,
  reason:
    'the order in which private inputs are declared is no part of the statement; that of public signals is noticed',
}

const SYMMETRIC: ReviewedMutant = {
  id: /^predicate\.circom:\d+:swapped/,
  line: /^EqualityCheck\(\)\(isEqual, negate, low, value\);$/,
  reason: 'the two sides of an equality are alike',
}

const KEY_CHECKED_OUTSIDE: ReviewedMutant = {
  id: /^issuer-signature\.circom:\d+:dropped/,
  line: /^$/,
  reason:
    'whoever builds the issuer root refuses a key that is off the curve; a signature that only this line refuses needs a ' +
    'key of small order on another curve, and none was made',
}

export const REVIEWED_MUTANTS: Record<CircuitId, readonly ReviewedMutant[]> = {
  'issue-v1': [BOUND, PRIVATE_ORDER],
  'login-v1': [BOUND, PRIVATE_ORDER],
  'group-v1': [PRIVATE_ORDER],
  'present-v1': [PRIVATE_ORDER, SYMMETRIC, KEY_CHECKED_OUTSIDE],
}
