import { present, resume, TouchstoneError } from '../../sdk/page.ts'
import { messageFor } from './messages.ts'

/** Brings every Touchstone button of the page to life, and takes up an answer that came back by the address. */
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-touchstone]')) connect(button)

function connect(button: HTMLButtonElement): void {
  const label = button.querySelector<HTMLElement>('[data-label]')
  const support = button.querySelector<HTMLElement>('[data-support]')
  const status = button.parentElement?.querySelector<HTMLElement>('[data-status]')
  const { request = '', result = '', walletOrigin = '' } = button.dataset
  const atRest = label?.textContent ?? ''
  let waiting = false

  const show = (state: 'rest' | 'waiting' | 'done', code = '') => {
    waiting = state === 'waiting'
    button.dataset.state = state
    if (label) label.textContent = waiting ? 'Waiting for your key' : state === 'done' ? 'Done' : atRest
    if (support) {
      support.hidden = !waiting
      support.textContent = waiting ? 'Press to see the window again' : ''
    }
    if (status) {
      status.textContent = code === '' ? '' : messageFor(code)
      // For whoever reports what they saw.
      status.dataset.code = code
    }
  }

  const conclude = async (answer: Promise<{ code: string }>) => {
    show('waiting')
    try {
      const next = await bringCode(result, (await answer).code)
      show('done')
      location.assign(next)
    } catch (error) {
      show('rest', error instanceof TouchstoneError ? error.code : 'site_unreachable')
    }
  }

  button.addEventListener('click', () => {
    if (waiting) showWallet()
    else conclude(present({ request, walletOrigin }))
  })
  const answer = returned()
  if (answer) conclude(answer)
}

function returned(): Promise<{ code: string }> | undefined {
  try {
    const answer = resume()
    return answer && Promise.resolve(answer)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Gives the code to the site's server, which alone learns the result; answers with the page to go to. */
async function bringCode(path: string, code: string): Promise<string> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  const body: { next?: string; error?: string } = await response.json()
  if (response.ok && body.next !== undefined) return body.next
  throw new TouchstoneError(body.error ?? 'site_unreachable', 'the site refused the code')
}

/** An empty address leaves the wallet's window as it is and brings it to the front; a window that is gone stays gone. */
function showWallet(): void {
  const wallet = window.open('', 'touchstone')
  wallet?.focus()
  try {
    if (wallet?.location.href === 'about:blank') wallet.close()
  } catch {
    // The wallet's own page, which is none of ours to read.
  }
}
