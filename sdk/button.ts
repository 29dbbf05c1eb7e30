import { BUTTON_TAG, TouchstoneButton } from './page/button/element.ts'

// Importing it is all there is to do: `<touchstone-button>` works from then on. A page may load it twice, and a server
// that renders pages may import it, too.
if (globalThis.customElements && !customElements.get(BUTTON_TAG)) customElements.define(BUTTON_TAG, TouchstoneButton)

export * from './page.ts'
export { TouchstoneButton }

declare global {
  interface HTMLElementTagNameMap {
    'touchstone-button': TouchstoneButton
  }
}
