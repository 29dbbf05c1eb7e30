import { type Html, html } from '../html.ts'

/**
 * The button that asks the wallet, as markup; `page.ts` brings it to life. It lies on anybody's page, so it brings its
 * own stone. `request` is a name the server gave the verifier, `result` the path the code is posted to.
 */
export function touchstoneButton(options: {
  label: string
  request: string
  result: string
  walletOrigin: string
}): Html {
  const { label, request, result, walletOrigin } = options
  return html`<div class="ask">
    <button type="button" class="ts-button" data-touchstone data-request="${request}" data-result="${result}" data-wallet-origin="${walletOrigin}">
      <span class="slot">
        <svg class="mark" viewBox="0 0 64 64" aria-hidden="true"><path fill="#5b6870" d="M15 4.5 50 3c5-.2 8.3 2.7 8.6 7.4L61 49.5c.3 5.6-2.9 9.2-8.3 9.5L14.5 61c-5.6.3-9.2-2.8-9.5-8.3L3.2 17.5C2.8 9.7 7.5 4.8 15 4.5Z"/><path fill="#303a41" d="M15.3 7.3 49.7 5.9c4.7-.2 7.9 2.5 8.2 7.1L60.2 49.7c.2 4.8-2.6 8-7.6 8.3L14.6 60c-5 .3-8.3-2.5-8.6-7.3L4.2 18.5C3.9 11.8 8.3 7.6 15.3 7.3Z"/><path fill="#e0af49" transform="rotate(-37 32 32)" d="M5.4 28C20 22.8 42 22.6 61 26.4 43 30.6 25 33.2 9.6 35.4 4.4 36 3 29 5.4 27.8ZM15.5 40.2C27 36.8 39 35.6 52 35.6 40.5 38.6 29.5 40.8 19 42.2 15 42.6 13.8 40.7 15.5 40.2Z"/></svg>
        <svg class="contact" viewBox="0 0 64 64" aria-hidden="true"><circle class="contact-ring" cx="32" cy="32" r="22"/><circle class="contact-point" cx="32" cy="32" r="12"/></svg>
        <svg class="streak" viewBox="4 4 56 56" aria-hidden="true"><path transform="rotate(-37 32 32)" d="M5.4 28C20 22.8 42 22.6 61 26.4 43 30.6 25 33.2 9.6 35.4 4.4 36 3 29 5.4 27.8ZM15.5 40.2C27 36.8 39 35.6 52 35.6 40.5 38.6 29.5 40.8 19 42.2 15 42.6 13.8 40.7 15.5 40.2Z"/></svg>
      </span>
      <span class="words"><span data-label>${label}</span><small data-support hidden></small></span>
    </button>
    <p class="ask-status" role="status" data-status></p>
    <noscript><p class="ask-status">The wallet is asked by a script, and scripts are off in this browser.</p></noscript>
  </div>`
}
