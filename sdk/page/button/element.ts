import { createFlow, type Flow, type FlowOptions } from '../flow.ts'
import type { SignInAnswer } from '../sign-in.ts'
import type { TouchstoneState } from '../state.ts'
import { prepare } from '../wallet-origin.ts'
import { showWalletWindow } from '../wallet-window.ts'
import { describeError, onWordsChange, word } from '../words.ts'
import { createView, type Look, type View } from './view.ts'

export const BUTTON_TAG = 'touchstone-button'

/** A server that renders pages imports this module, too, and has no elements. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? class {}

/**
 * `<touchstone-button request="signIn" next="/members">`: asks the wallet, brings the answer to the site's server and
 * goes on. sdk/README.md has its attributes, events, parts and custom properties.
 */
export class TouchstoneButton extends Base {
  static readonly observedAttributes = ['label', 'lang']

  #flow: Flow = createFlow(
    () => this.#options(),
    (state) => this.#tell(state),
  )
  #view: View | undefined
  #forgetWords: (() => void) | undefined

  /** Back by the browser's "back", the page is as it was left: with a button that is done. */
  #comeBack = ({ persisted }: PageTransitionEvent) => {
    if (persisted) this.reset()
  }

  /** How far it is; the attribute `state` has its name. */
  get state(): TouchstoneState {
    return this.#flow.state
  }

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true })
    this.#view ??= createView(root, { press: () => this.press(), cancel: () => this.cancel() })
    this.#forgetWords = onWordsChange(() => this.#show())
    window.addEventListener('pageshow', this.#comeBack)
    // The click will need it. If it cannot be had now, the click asks again and says so.
    if (!this.hasAttribute('wallet-origin')) prepare().catch(() => undefined)
    this.#show()
    if (!this.hasAttribute('no-resume')) this.resume()
  }

  disconnectedCallback(): void {
    this.#forgetWords?.()
    window.removeEventListener('pageshow', this.#comeBack)
    // One that is only moved within its page is connected again by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.cancel()
    })
  }

  attributeChangedCallback(): void {
    this.#show()
  }

  /** What a press does: asks the wallet, or shows its window again. From a script, call it inside a click. */
  press(): void {
    const { state } = this.state
    if (state === 'done') return
    if (!this.#flow.isWaiting) this.#conclude(this.#flow.signIn())
    else if (state !== 'verifying') showWalletWindow()
  }

  /**
   * Goes on with an answer that came back by the address. Done by itself, but with the attribute `no-resume`: for a page
   * that will listen only later.
   */
  resume(): void {
    if (!this.#flow.isWaiting) this.#conclude(this.#flow.resume())
  }

  /** Gives up, and closes the wallet's window. */
  cancel(): void {
    this.#flow.cancel()
  }

  /** Back to `idle`, for a page that keeps `touchstone-done` from going on and would ask again. */
  reset(): void {
    this.#flow.reset()
  }

  #options(): FlowOptions {
    const given = (name: string) => this.getAttribute(name) || undefined
    return {
      request: given('request'),
      walletOrigin: given('wallet-origin'),
      result: given('result'),
      transport: given('transport') === 'link' ? 'link' : 'window',
    }
  }

  async #conclude(answer: Promise<SignInAnswer> | undefined): Promise<void> {
    if (!answer) return
    let detail: SignInAnswer
    try {
      detail = await answer
    } catch {
      return // The state has told it.
    }
    if (this.#fire('touchstone-done', detail, true)) this.#goOn(detail)
  }

  /** Within the site only: an address that came with the page's own could be anybody's. */
  #goOn({ next }: SignInAnswer): void {
    const wanted = typeof next === 'string' ? next : this.getAttribute('next')
    const url = new URL(wanted ?? location.href, location.href)
    if (url.origin !== location.origin) throw new TypeError(`next leads to another site: ${url.origin}`)
    if (wanted === null) location.reload()
    else location.assign(url)
  }

  #tell(state: TouchstoneState): void {
    this.#show()
    this.#fire('touchstone-state', state)
    if (state.state === 'error') this.#fire('touchstone-error', state.error)
  }

  #fire(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }))
  }

  #show(): void {
    if (!this.#view) return
    const { state } = this
    this.setAttribute('state', state.state)
    if (state.state === 'error') this.setAttribute('code', state.error.code)
    else this.removeAttribute('code')
    this.#view.show(lookOf(state, { atRest: this.getAttribute('label'), language: this.#language() }))
  }

  #language(): string {
    return this.closest('[lang]')?.getAttribute('lang') || navigator.language
  }
}

function lookOf(state: TouchstoneState, { atRest, language }: { atRest: string | null; language: string }): Look {
  const say = (name: string) => word(`touchstone.button.${name}`, language) ?? ''
  const isWaiting = ['awaiting_wallet', 'awaiting_key', 'proving'].includes(state.state)
  const isAtRest = state.state === 'idle' || state.state === 'error'
  const words = isAtRest ? '' : say(state.state)
  return {
    label: isAtRest ? (atRest ?? say('label')) : words,
    support: isWaiting ? say('show') : '',
    progress: state.state === 'proving' ? state.progress : undefined,
    cancel: isWaiting ? say('cancel') : undefined,
    status: state.state === 'error' ? describeError(state.error, language) : words,
    isError: state.state === 'error',
    isInert: state.state === 'verifying' || state.state === 'done',
    isBusy: isWaiting || state.state === 'verifying',
  }
}
