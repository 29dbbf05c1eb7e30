import { ask } from './json.ts'
import { askWallet, type PresentOptions } from './present.ts'
import { type OnState, tellingEnd } from './state.ts'

/** The name of the request that `signIn` and the button ask for where none is given. */
export const SIGN_IN_REQUEST = 'signIn'
/** Where the SDK's server takes codes and remembers what they read as this browser's visit. */
const RESULT_PATH = '/touchstone/result'
const SIGN_OUT_PATH = '/touchstone/sign-out'

export type SignInOptions = Omit<PresentOptions, 'request'> & {
  /** `signIn` if left out. */
  readonly request?: string | undefined
  /** The site's own address for codes, where it does not leave them to the SDK. It is sent `{ code }` and answers JSON. */
  readonly result?: string | undefined
}

/** What the server said to the code: the name of the request it answers, and whatever an own `result` address adds. */
export type SignInAnswer = { readonly request: string; readonly [name: string]: unknown }

/**
 * Asks the wallet ({@link present}, and when to call it) and brings the code to the site's server, which remembers the
 * result as this browser's visit: from then on `verifier.visit` and `verifier.require` know the person.
 *
 * Throws what `present` throws, and `result_unknown`, `result_wrong_browser`, `result_already_read`.
 */
export async function signIn(options: SignInOptions = {}): Promise<SignInAnswer> {
  const { request = SIGN_IN_REQUEST, signal = new AbortController().signal, onState = () => undefined } = options
  return tellingEnd({ signal, onState }, async () => {
    const { code } = await askWallet({ ...options, request }, { signal, onState })
    return bringCode(code, { request, result: options.result, signal, onState })
  })
}

/** Goes on with a code that came back by the address ({@link resume}), as {@link signIn} does with one from the window. */
export async function finishSignIn(
  code: string,
  options: Pick<SignInOptions, 'request' | 'result' | 'signal' | 'onState'> = {},
): Promise<SignInAnswer> {
  const { request = SIGN_IN_REQUEST, signal = new AbortController().signal, onState = () => undefined } = options
  return tellingEnd({ signal, onState }, () => bringCode(code, { request, result: options.result, signal, onState }))
}

/** Ends this browser's visit at the site's server. Throws {@link TouchstoneError} `site_unreachable`. */
export async function signOut({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
  await ask(SIGN_OUT_PATH, { body: {}, signal: signal ?? new AbortController().signal })
}

async function bringCode(
  code: string,
  options: { request: string; result: string | undefined; signal: AbortSignal; onState: OnState },
): Promise<SignInAnswer> {
  const { request, result = RESULT_PATH, signal, onState } = options
  onState({ state: 'verifying' })
  return { request, ...(await ask(result, { body: { code }, signal })) }
}
