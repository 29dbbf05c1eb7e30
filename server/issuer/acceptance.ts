import { type DevicePublicKey, deviceKeyHash } from '../../src/protocol/device.ts'
import type { FieldElement } from '../../src/protocol/field.ts'
import {
  type Acceptance,
  deviceChallenge,
  issuanceContext,
  type Offer,
  parseAcceptance,
} from '../../src/protocol/issuance.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { scopeOf } from '../../src/protocol/scope.ts'
import { issueSignals } from '../../src/protocol/signals.ts'
import { isDeviceKey, signedByDevice } from './device-assertion.ts'
import { IssuerError } from './issuer-error.ts'

/** What an acceptance that passed every check says. */
export type CheckedAcceptance = {
  readonly holderCommitment: FieldElement
  readonly issuerTag: FieldElement
  readonly deviceKeyHashes: readonly FieldElement[]
  readonly deviceKeysSalt: FieldElement
}

/** Whether 128 bytes prove issue-v1 for these public signals. */
export type IssueProofCheck = (signals: readonly FieldElement[], proof: Uint8Array) => boolean

/**
 * The issuer's checks of the holder's answer, in order: form, proof (issue-v1 of circuits/README.md), keys, assertions. The
 * public signals are built here from the offer, never taken from the answer. Throws {@link IssuerError}
 * `acceptance_invalid`, `proof_invalid`, `device_key_invalid`, `device_key_repeated`, `device_assertion_invalid`.
 */
export async function checkAcceptance(options: {
  body: unknown
  offer: Offer
  walletOrigins: readonly Origin[]
  provesIssue: IssueProofCheck
}): Promise<CheckedAcceptance> {
  const { body, offer, walletOrigins, provesIssue } = options
  const acceptance = read(body)
  const { holderCommitment, issuerTag, deviceKeysSalt, devices } = acceptance

  const context = issuanceContext(offer)
  const issuerScope = scopeOf('issuer', offer.issuer)
  if (!provesIssue(issueSignals({ holderCommitment, issuerTag, context, issuerScope }), acceptance.proof)) {
    throw new IssuerError('proof_invalid')
  }

  const keys = devices.map((device) => device.publicKey)
  if (!keys.every(isDeviceKey)) throw new IssuerError('device_key_invalid')
  if (new Set(keys.map(coordinates)).size !== keys.length) throw new IssuerError('device_key_repeated')

  const expectedChallenge = deviceChallenge(context, { holderCommitment, issuerTag })
  for (const assertion of devices) {
    if (!(await signedByDevice({ assertion, expectedChallenge, expectedOrigins: walletOrigins }))) {
      throw new IssuerError('device_assertion_invalid')
    }
  }
  return { holderCommitment, issuerTag, deviceKeysSalt, deviceKeyHashes: keys.map(deviceKeyHash) }
}

function read(body: unknown): Acceptance {
  try {
    return parseAcceptance(body)
  } catch (cause) {
    throw new IssuerError('acceptance_invalid', { cause })
  }
}

function coordinates({ x, y }: DevicePublicKey): string {
  return `${x},${y}`
}
