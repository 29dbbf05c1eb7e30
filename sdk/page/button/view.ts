import { contact, mark, streak } from './art.ts'
import { buttonSheet } from './style.ts'

/** What is seen and heard of the button at one moment. */
export type Look = {
  readonly label: string
  /** A second line beneath the label. */
  readonly support: string
  /** From 0 to 1, while the wallet proves. */
  readonly progress: number | undefined
  readonly cancel: string | undefined
  /** Said aloud; seen only if it is an error, for everything else is on the button already. */
  readonly status: string
  readonly isError: boolean
  /** A press would do nothing now. */
  readonly isInert: boolean
  readonly isBusy: boolean
}

export type View = { show(look: Look): void }

/** Builds the button into its shadow root. */
export function createView(root: ShadowRoot, on: { press: () => void; cancel: () => void }): View {
  root.adoptedStyleSheets = [buttonSheet()]
  const label = part('span', 'label')
  const support = part('small', 'support')
  const press = part('button', 'button', 'press')
  const cancel = part('button', 'cancel', 'cancel')
  const bar = part('div', 'progress', 'bar')
  const status = part('p', 'status')
  press.type = cancel.type = 'button'
  bar.setAttribute('role', 'progressbar')
  bar.setAttribute('aria-valuemin', '0')
  bar.setAttribute('aria-valuemax', '100')
  bar.append(document.createElement('i'))
  status.setAttribute('role', 'status')
  press.append(box('span', 'slot', mark(), contact(), streak()), box('span', 'words', label, support))
  press.addEventListener('click', on.press)
  cancel.addEventListener('click', on.cancel)
  root.append(box('div', 'ask', box('div', 'row', box('div', 'stone', press, bar), cancel), status))

  return {
    show(look) {
      label.textContent = look.label
      support.textContent = look.support
      support.hidden = look.support === ''
      press.ariaBusy = String(look.isBusy)
      press.ariaDisabled = String(look.isInert)
      bar.hidden = look.progress === undefined
      bar.ariaLabel = look.label
      bar.ariaValueNow = String(Math.round(100 * (look.progress ?? 0)))
      // By the object model, which a policy without inline styles allows.
      bar.style.setProperty('--done', String(look.progress ?? 0))
      // A button that goes away must not take the focus with it.
      if (look.cancel === undefined && root.activeElement === cancel) press.focus()
      cancel.hidden = look.cancel === undefined
      cancel.textContent = look.cancel ?? ''
      status.className = look.isError ? '' : 'quiet'
      // Only what changes is said again.
      if (status.textContent !== look.status) status.textContent = look.status
    },
  }
}

function part<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, className = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  element.part.add(name)
  element.className = className
  return element
}

function box(tag: 'div' | 'span', className: string, ...parts: readonly Element[]): HTMLElement {
  const element = document.createElement(tag)
  element.className = className
  element.append(...parts)
  return element
}
