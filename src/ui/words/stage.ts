import type { Progress } from '../../wallet/wallet.ts'

export type Purpose = 'sign_in' | 'prove' | 'receive'

export type Stage = 'touch' | 'status' | 'download' | 'prepare' | 'prove' | 'send'

/** The steps of proving, in order. Loading and calculating the witness are one: both prepare. */
const STAGES: readonly Stage[] = ['touch', 'status', 'download', 'prepare', 'prove', 'send']

/** The steps that a person is told. Lists of revoked cards are asked for only where a card is shown. */
export function stagesOf(purpose: Purpose): readonly Stage[] {
  return purpose === 'prove' ? STAGES : STAGES.filter((stage) => stage !== 'status')
}

/** So many of so many: bytes, issuers or proofs. */
export type Count = { readonly loaded: number; readonly total: number }

/** How far the work is; never goes back, also when a second proof begins. */
export type WorkState = {
  readonly stage: Stage
  /** 0 to 100. */
  readonly done: number
  /** Bytes, while something is downloaded. */
  readonly bytes?: Count
  /** Issuers whose lists are checked, while they are asked. */
  readonly lists?: Count
  /** Which proof is made, from 1, of how many; only where the wallet says so and there are several. */
  readonly proofs?: Count
  /** Which touch is waited for, and how many there are. */
  readonly touch: { readonly n: number; readonly total: number }
  /** False while a touch is waited for. */
  readonly touched: boolean
}

export const WORK_BEGINS: WorkState = { stage: 'touch', done: 0, touch: { n: 1, total: 1 }, touched: false }

const STAGE_OF: Readonly<Record<Progress['phase'], Stage>> = {
  touch: 'touch',
  status: 'status',
  download: 'download',
  load: 'prepare',
  witness: 'prepare',
  prove: 'prove',
  check: 'prove',
  send: 'send',
}

/** Where the bar stands at the beginning of a phase. Proving takes longest, after a download that is needed once. */
const BEGINS: Readonly<Record<Progress['phase'], number>> = {
  touch: 0,
  status: 4,
  download: 12,
  load: 46,
  witness: 50,
  prove: 56,
  check: 90,
  send: 95,
}

/**
 * The next state after a report. What is counted (bytes, issuers) moves the bar within its phase, several proofs share
 * out the way from the first witness to sending, and all else moves it phase by phase.
 */
export function advance(before: WorkState, progress: Progress): WorkState {
  const { phase, loaded = 0, total = 0 } = progress
  if (phase === 'touch') {
    return { ...before, touched: false, touch: { n: Math.max(1, loaded), total: Math.max(1, total) } }
  }
  const stage = STAGE_OF[phase]
  const later = STAGES.indexOf(stage) >= STAGES.indexOf(before.stage)
  const count = total > 0 ? { loaded, total } : undefined
  const proofs = isOfProof(phase) ? (total > 1 ? count : undefined) : before.proofs
  return {
    stage: later ? stage : before.stage,
    done: Math.max(before.done, barAt(progress)),
    touch: before.touch,
    touched: true,
    ...(phase === 'download' && count && { bytes: count }),
    ...(phase === 'status' && count && { lists: count }),
    ...(proofs && { proofs }),
  }
}

function barAt({ phase, loaded = 0, total = 0 }: Progress): number {
  const begins = BEGINS[phase]
  if (total === 0) return begins
  const share = Math.min(1, loaded / total)
  if (phase === 'status') return begins + share * (BEGINS.download - begins)
  if (phase === 'download') return begins + share * (BEGINS.load - begins)
  if (phase === 'load') return begins + share * (BEGINS.witness - begins)
  if (!isOfProof(phase)) return begins
  const whole = BEGINS.send - BEGINS.witness
  return BEGINS.witness + ((Math.max(0, loaded - 1) + (begins - BEGINS.witness) / whole) / total) * whole
}

function isOfProof(phase: Progress['phase']): boolean {
  return phase === 'witness' || phase === 'prove' || phase === 'check'
}
