import { createElement, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { TouchstoneButton, useTouchstone } from '../../sdk/react.ts'

/** A page made with React, in strict mode: `?hook` has a button of its own, else the SDK's. Runs in the browser. */
const heard: unknown[] = []
Reflect.set(window, 'heard', heard)

function WithButton() {
  const [name, setName] = useState('nobody')
  return createElement(
    'div',
    null,
    createElement(TouchstoneButton, {
      request: 'over18',
      label: 'Prove it',
      className: 'theirs',
      onState: ({ state }) => void heard.push(state),
      onError: ({ code }) => void heard.push(code),
      onDone: ({ request }) => setName(request),
    }),
    createElement('output', null, name),
  )
}

function WithHook() {
  const { state, signIn, cancel } = useTouchstone({ request: 'over18' })
  const failed = state.state === 'error' ? state.error.messageKey : ''
  const press = () =>
    void signIn().then(
      ({ request }) => heard.push(request),
      () => undefined,
    )
  return createElement(
    'div',
    null,
    createElement('button', { type: 'button', onClick: press }, 'Mine'),
    createElement('button', { type: 'button', onClick: cancel }, 'Stop'),
    createElement('output', null, `${state.state} ${failed}`),
  )
}

const root = createRoot(document.querySelector('main') ?? document.body)
root.render(createElement(StrictMode, null, createElement(location.search === '?hook' ? WithHook : WithButton)))
Reflect.set(window, 'unmount', () => root.unmount())
