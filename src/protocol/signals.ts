import type { Day } from './day.ts'
import { type FieldElement, toField } from './field.ts'
import { KINDS, type Kind } from './scope.ts'

/** Circuits by their frozen names. */
export const CIRCUIT_IDS = ['issue-v1', 'login-v1', 'group-v1', 'present-v1'] as const

/** One of {@link CIRCUIT_IDS}. */
export type CircuitId = (typeof CIRCUIT_IDS)[number]

/** What each circuit computes for all to see, in the order of the compiled circuit. */
const PUBLIC_OUTPUTS = {
  'issue-v1': ['holderCommitment', 'issuerTag'],
  'login-v1': ['nullifier', 'deviceTag', 'deviceCommitment'],
  'group-v1': ['nullifier', 'link'],
  'present-v1': [
    'nullifier',
    'link',
    'credentialLink',
    'deviceCommitment',
    'disclosed[0]',
    'disclosed[1]',
    'disclosed[2]',
    'disclosed[3]',
  ],
} as const satisfies Record<CircuitId, readonly string[]>

/** What the verifier puts into each circuit, in the order of the compiled circuit. */
const PUBLIC_INPUTS = {
  'issue-v1': ['context', 'issuerScope'],
  'login-v1': ['context', 'scope'],
  'group-v1': ['context', 'walletNonce', 'kind', 'scope', 'groupRoot'],
  'present-v1': ['context', 'walletNonce', 'today', 'issuedBefore', 'issuersRoot', 'queryHash', 'kind', 'scope'],
} as const satisfies Record<CircuitId, readonly string[]>

/**
 * Names of each circuit's public signals in the order of the compiled circuit: outputs, then public inputs. A test
 * compares this with the compiler's symbol file.
 */
export const PUBLIC_SIGNALS = {
  'issue-v1': [...PUBLIC_OUTPUTS['issue-v1'], ...PUBLIC_INPUTS['issue-v1']],
  'login-v1': [...PUBLIC_OUTPUTS['login-v1'], ...PUBLIC_INPUTS['login-v1']],
  'group-v1': [...PUBLIC_OUTPUTS['group-v1'], ...PUBLIC_INPUTS['group-v1']],
  'present-v1': [...PUBLIC_OUTPUTS['present-v1'], ...PUBLIC_INPUTS['present-v1']],
} as const satisfies Record<CircuitId, readonly string[]>

/**
 * The public inputs by name, out of the signals in their order: a prover takes them from here, so that what goes into the
 * circuit is what the verifier will put into the check.
 */
export function publicInputs(circuit: CircuitId, signals: readonly FieldElement[]): Record<string, FieldElement> {
  const outputs = PUBLIC_OUTPUTS[circuit].length
  return Object.fromEntries(
    PUBLIC_INPUTS[circuit].flatMap((name, place) => {
      const value = signals[outputs + place]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** The public signals of issue-v1: that one secret is behind the commitment and the issuer's tag. */
export type IssueSignals = {
  readonly holderCommitment: FieldElement
  readonly issuerTag: FieldElement
  readonly context: FieldElement
  readonly issuerScope: FieldElement
}

/** In the order of {@link PUBLIC_SIGNALS}. */
export function issueSignals(signals: IssueSignals): FieldElement[] {
  return [signals.holderCommitment, signals.issuerTag, signals.context, signals.issuerScope]
}

/** The public signals of login-v1: the holder's name at a site, by this device key. */
export type LoginSignals = {
  readonly nullifier: FieldElement
  readonly deviceTag: FieldElement
  readonly deviceCommitment: FieldElement
  readonly context: FieldElement
  readonly scope: FieldElement
}

/** In the order of {@link PUBLIC_SIGNALS}. */
export function loginSignals(signals: LoginSignals): FieldElement[] {
  return [signals.nullifier, signals.deviceTag, signals.deviceCommitment, signals.context, signals.scope]
}

/** The public signals of group-v1: that the holder is a member of a group, once for a scope. No request asks for it yet. */
export type GroupSignals = {
  readonly nullifier: FieldElement
  readonly link: FieldElement
  readonly context: FieldElement
  readonly walletNonce: FieldElement
  readonly kind: Kind
  readonly scope: FieldElement
  readonly groupRoot: FieldElement
}

/** In the order of {@link PUBLIC_SIGNALS}. */
export function groupSignals(signals: GroupSignals): FieldElement[] {
  const { nullifier, link, context, walletNonce, kind, scope, groupRoot } = signals
  return [nullifier, link, context, walletNonce, toField(KINDS[kind]), scope, groupRoot]
}

/** The public signals of present-v1: that a credential of an accepted issuer answers a query. */
export type PresentSignals = {
  readonly nullifier: FieldElement
  readonly link: FieldElement
  readonly credentialLink: FieldElement
  readonly deviceCommitment: FieldElement
  /** Four: the encoded claim where the predicate in that place is `$sd`, else 0. */
  readonly disclosed: readonly FieldElement[]
  readonly context: FieldElement
  readonly walletNonce: FieldElement
  readonly today: Day
  readonly issuedBefore: Day
  readonly issuersRoot: FieldElement
  readonly queryHash: FieldElement
  readonly kind: Kind
  readonly scope: FieldElement
}

/** In the order of {@link PUBLIC_SIGNALS}. */
export function presentSignals(signals: PresentSignals): FieldElement[] {
  return [
    signals.nullifier,
    signals.link,
    signals.credentialLink,
    signals.deviceCommitment,
    ...signals.disclosed,
    signals.context,
    signals.walletNonce,
    toField(signals.today),
    toField(signals.issuedBefore),
    signals.issuersRoot,
    signals.queryHash,
    toField(KINDS[signals.kind]),
    signals.scope,
  ]
}
