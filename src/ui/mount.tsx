import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { App } from './app.tsx'
import { createMessages } from './i18n.ts'
import { createRouter } from './router.ts'
import { type Shell, ShellContext } from './shell.ts'
import './styles/index.css'

/** Puts the wallet's pages into an element. Whoever calls it has built the wallet. */
export function mount(element: Element, parts: Omit<Shell, 'router'>): void {
  const shell: Shell = { ...parts, router: createRouter(window) }
  createRoot(element).render(
    <I18nextProvider i18n={createMessages()}>
      <ShellContext value={shell}>
        <App />
      </ShellContext>
    </I18nextProvider>,
  )
}
