import type { Progress } from '../../wallet/wallet.ts'

/** The steps a person is told, in order. Loading and calculating the witness are one: both prepare. */
export const STAGES = ['touch', 'download', 'prepare', 'prove', 'send'] as const
export type Stage = (typeof STAGES)[number]

/** How far the work is; never goes back, also when a second proof begins. */
export type WorkState = {
  readonly stage: Stage
  /** 0 to 100. */
  readonly done: number
  /** Bytes, while something is downloaded. */
  readonly bytes?: { readonly loaded: number; readonly total: number }
  /** Which touch is waited for, and how many there are. */
  readonly touch: { readonly n: number; readonly total: number }
  /** False while a touch is waited for. */
  readonly touched: boolean
}

export const WORK_BEGINS: WorkState = { stage: 'touch', done: 0, touch: { n: 1, total: 1 }, touched: false }

const STAGE_OF: Readonly<Record<Progress['phase'], Stage>> = {
  touch: 'touch',
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
  download: 6,
  load: 46,
  witness: 50,
  prove: 56,
  check: 90,
  send: 95,
}

/** The next state after a report. Bytes move the bar within the download; all else moves it phase by phase. */
export function advance(before: WorkState, { phase, loaded = 0, total = 0 }: Progress): WorkState {
  if (phase === 'touch') {
    return { ...before, touched: false, touch: { n: Math.max(1, loaded), total: Math.max(1, total) } }
  }
  const stage = STAGE_OF[phase]
  const share = phase === 'download' && total > 0 ? Math.min(1, loaded / total) : 0
  const done = BEGINS[phase] + share * (BEGINS.load - BEGINS.download)
  const later = STAGES.indexOf(stage) >= STAGES.indexOf(before.stage)
  return {
    stage: later ? stage : before.stage,
    done: Math.max(before.done, done),
    touch: before.touch,
    touched: true,
    ...(phase === 'download' && total > 0 && { bytes: { loaded, total } }),
  }
}
