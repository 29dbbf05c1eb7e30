import { type CSSProperties, createElement, type ReactElement, useCallback, useEffect, useRef, useState } from 'react'
import './button.ts'
import { BUTTON_TAG, type TouchstoneButton as ButtonElement } from './page/button/element.ts'
import { createFlow, type Flow, type FlowOptions } from './page/flow.ts'
import type { SignInAnswer } from './page/sign-in.ts'
import type { TouchstoneState } from './page/state.ts'
import { prepare } from './page/wallet-origin.ts'
import { showWalletWindow } from './page/wallet-window.ts'
import type { TouchstoneError } from './touchstone-error.ts'

export * from './page.ts'

export type TouchstoneButtonProps = FlowOptions & {
  /** What the button says at rest. */
  readonly label?: string | undefined
  /** The language of its words, a BCP 47 tag; the page's own if left out. */
  readonly lang?: string | undefined
  /** Where to go when it is done, within the site. Left out, and without `onDone`, the page is loaded again. */
  readonly next?: string | undefined
  /** Called when the site's server has taken the answer; then the page stays where it is. */
  readonly onDone?: ((answer: SignInAnswer) => void) | undefined
  readonly onError?: ((error: TouchstoneError) => void) | undefined
  readonly onState?: ((state: TouchstoneState) => void) | undefined
  readonly className?: string | undefined
  readonly style?: CSSProperties | undefined
}

/** `<touchstone-button>` for React 18 and 19. On a server it renders the bare element, which comes alive in the page. */
export function TouchstoneButton(props: TouchstoneButtonProps): ReactElement {
  const { request, walletOrigin, result, transport, label, lang, next, className, style } = props
  const element = useRef<ButtonElement>(null)
  const latest = useLatest(props)

  useEffect(() => {
    const button = element.current
    if (!button) return undefined
    const listeners: Readonly<Record<string, (event: Event) => void>> = {
      'touchstone-state': (event) => latest.current.onState?.(detailOf<TouchstoneState>(event)),
      'touchstone-error': (event) => latest.current.onError?.(detailOf<TouchstoneError>(event)),
      'touchstone-done': (event) => {
        const { onDone } = latest.current
        if (!onDone) return
        event.preventDefault()
        onDone(detailOf<SignInAnswer>(event))
      },
    }
    for (const [name, listener] of Object.entries(listeners)) button.addEventListener(name, listener)
    button.resume()
    return () => {
      for (const [name, listener] of Object.entries(listeners)) button.removeEventListener(name, listener)
    }
  }, [latest])

  // React 18 sets attributes and nothing else on an element of this kind, and calls a class by its attribute's name.
  return createElement(BUTTON_TAG, {
    ref: element,
    request,
    'wallet-origin': walletOrigin,
    result,
    transport,
    label,
    lang,
    next,
    // Not before somebody listens.
    'no-resume': '',
    class: className,
    style,
    suppressHydrationWarning: true,
  })
}

/** What {@link useTouchstone} gives. */
export type UseTouchstone = Pick<Flow, 'signIn' | 'present' | 'cancel' | 'reset'> & {
  readonly state: TouchstoneState
  /** Brings the wallet's window to the front again. */
  readonly showWallet: () => void
}

/**
 * The button's logic for a button of one's own: call `signIn` or `present` inside the click. An answer that comes back by
 * the address is gone on with at once, as by `signIn`. A wait ends with its component.
 */
export function useTouchstone(options: FlowOptions = {}): UseTouchstone {
  const latest = useLatest(options)
  const [state, setState] = useState<TouchstoneState>({ state: 'idle' })
  const [flow] = useState(() => createFlow(() => latest.current, setState))
  const isMounted = useRef(false)

  useEffect(() => {
    isMounted.current = true
    // The click will need it. If it cannot be had now, the click asks again and says so.
    if (latest.current.walletOrigin === undefined) prepare().catch(() => undefined)
    // What became of it is in the state.
    flow.resume()?.catch(() => undefined)
    return () => {
      isMounted.current = false
      // In strict mode a component leaves and comes back at once; its wait goes on.
      queueMicrotask(() => isMounted.current || flow.cancel())
    }
  }, [flow, latest])

  return {
    state,
    signIn: useCallback(() => flow.signIn(), [flow]),
    present: useCallback(() => flow.present(), [flow]),
    cancel: useCallback(() => flow.cancel(), [flow]),
    reset: useCallback(() => flow.reset(), [flow]),
    showWallet: showWalletWindow,
  }
}

/** The newest value, for listeners that outlive a render. */
function useLatest<T>(value: T) {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  return latest
}

function detailOf<T>(event: Event): T {
  // The button's own events, whose details are of these types.
  return (event as CustomEvent<T>).detail
}
