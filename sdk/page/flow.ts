import type { TouchstoneError } from '../touchstone-error.ts'
import { pageError, toTouchstoneError } from './error-codes.ts'
import { type PresentOptions, present } from './present.ts'
import { resume } from './resume.ts'
import { finishSignIn, SIGN_IN_REQUEST, type SignInAnswer, type SignInOptions, signIn } from './sign-in.ts'
import type { OnState, TouchstoneState } from './state.ts'

/** What the button and the React hook ask with; read anew at every press. */
export type FlowOptions = Pick<SignInOptions, 'request' | 'walletOrigin' | 'transport' | 'result'>

/** One thing to ask, one wait at a time. */
export type Flow = {
  readonly state: TouchstoneState
  /** True from the press to its end: `idle`, `done` or `error`. */
  readonly isWaiting: boolean
  /** As the functions of these names. Throws `already_waiting` while one is on. */
  signIn(): Promise<SignInAnswer>
  present(): Promise<{ code: string }>
  /** Goes on with an answer that came back by the address; undefined if there is none. */
  resume(): Promise<SignInAnswer> | undefined
  /** Gives up, and closes the wallet's window. */
  cancel(): void
  /** Back to `idle`, from `done` or `error`. */
  reset(): void
}

/** What the button and the hook have in common: the state, and that nothing is asked twice at once. */
export function createFlow(options: () => FlowOptions, onState: OnState): Flow {
  let state: TouchstoneState = { state: 'idle' }
  let waiting: AbortController | undefined

  const tell = (next: TouchstoneState) => {
    state = next
    onState(next)
  }

  async function run<T>(start: (shared: Required<Pick<PresentOptions, 'signal' | 'onState'>>) => Promise<T>) {
    if (waiting) throw pageError('already_waiting')
    const own = new AbortController()
    waiting = own
    try {
      return await start({ signal: own.signal, onState: tell })
    } finally {
      waiting = undefined
    }
  }

  return {
    get state() {
      return state
    },
    get isWaiting() {
      return waiting !== undefined
    },
    signIn: () => run((shared) => signIn({ ...options(), ...shared })),
    present: () => {
      const { request = SIGN_IN_REQUEST, ...others } = options()
      return run((shared) => present({ request, ...others, ...shared }))
    },
    resume() {
      const { request = SIGN_IN_REQUEST, result } = options()
      let answer: { code: string } | undefined
      try {
        answer = resume({ request })
      } catch (thrown) {
        const error: TouchstoneError = toTouchstoneError(thrown)
        tell({ state: 'error', error })
        return Promise.reject(error)
      }
      return answer && run((shared) => finishSignIn(answer.code, { request, result, ...shared }))
    },
    cancel: () => waiting?.abort(),
    reset() {
      if (!waiting) tell({ state: 'idle' })
    },
  }
}
