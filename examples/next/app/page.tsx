import { createElement } from 'react'

/** The element that `/touchstone/button.js` defines; it tells its state by attributes of its own. */
function TouchstoneButton(attributes: { request: string; next: string; label: string }) {
  return createElement('touchstone-button', { ...attributes, suppressHydrationWarning: true })
}

export default function Page() {
  return (
    <>
      <h1>Cellar</h1>
      <script type="module" src="/touchstone/button.js" async />
      <TouchstoneButton request="signIn" next="/account" label="Sign in" />
      <TouchstoneButton request="over18" next="/cellar" label="Prove that you are over 18" />
    </>
  )
}
