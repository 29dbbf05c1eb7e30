import type { Day } from './day.ts'
import { type FieldElement, toField } from './field.ts'
import { KINDS, type Kind } from './scope.ts'

/** Circuits by their frozen names. */
export const CIRCUIT_IDS = ['issue-v1', 'login-v1', 'group-v1', 'present-v1'] as const

export type CircuitId = (typeof CIRCUIT_IDS)[number]

/**
 * Names of each circuit's public signals in the order of the compiled circuit: outputs, then public inputs. A test
 * compares this with the compiler's symbol file.
 */
export const PUBLIC_SIGNALS = {
  'issue-v1': ['holderCommitment', 'issuerTag', 'context', 'issuerScope'],
  'login-v1': ['nullifier', 'deviceTag', 'deviceCommitment', 'context', 'scope'],
  'group-v1': ['nullifier', 'link', 'context', 'walletNonce', 'kind', 'scope', 'groupRoot'],
  'present-v1': [
    'nullifier',
    'link',
    'credentialLink',
    'deviceCommitment',
    'disclosed[0]',
    'disclosed[1]',
    'disclosed[2]',
    'disclosed[3]',
    'context',
    'walletNonce',
    'today',
    'issuedBefore',
    'issuersRoot',
    'queryHash',
    'kind',
    'scope',
  ],
} as const satisfies Record<CircuitId, readonly string[]>

export type IssueSignals = {
  readonly holderCommitment: FieldElement
  readonly issuerTag: FieldElement
  readonly context: FieldElement
  readonly issuerScope: FieldElement
}

export function issueSignals(signals: IssueSignals): FieldElement[] {
  return [signals.holderCommitment, signals.issuerTag, signals.context, signals.issuerScope]
}

export type LoginSignals = {
  readonly nullifier: FieldElement
  readonly deviceTag: FieldElement
  readonly deviceCommitment: FieldElement
  readonly context: FieldElement
  readonly scope: FieldElement
}

export function loginSignals(signals: LoginSignals): FieldElement[] {
  return [signals.nullifier, signals.deviceTag, signals.deviceCommitment, signals.context, signals.scope]
}

export type GroupSignals = {
  readonly nullifier: FieldElement
  readonly link: FieldElement
  readonly context: FieldElement
  readonly walletNonce: FieldElement
  readonly kind: Kind
  readonly scope: FieldElement
  readonly groupRoot: FieldElement
}

export function groupSignals(signals: GroupSignals): FieldElement[] {
  const { nullifier, link, context, walletNonce, kind, scope, groupRoot } = signals
  return [nullifier, link, context, walletNonce, toField(KINDS[kind]), scope, groupRoot]
}

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
