import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { TouchstoneButton, useTouchstone } from '../../../sdk/react.ts'

it('the button renders on a server, which has no elements, as the bare tag', () => {
  expect(globalThis.HTMLElement).toBeUndefined()
  const button = createElement(TouchstoneButton, {
    request: 'over18',
    walletOrigin: 'https://wallet.example',
    label: 'Go',
  })
  expect(renderToString(button)).toBe(
    '<touchstone-button request="over18" wallet-origin="https://wallet.example" label="Go" no-resume=""></touchstone-button>',
  )
})

it('the hook renders on a server at rest', () => {
  const Mine = () => createElement('output', null, useTouchstone().state.state)
  expect(renderToString(createElement(Mine))).toBe('<output>idle</output>')
})
