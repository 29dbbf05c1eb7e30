import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, Mark } from '../art/drawings.tsx'
import { useWallet, useWalletState } from '../shell.ts'
import { Nav, type NavPlace } from './nav.tsx'

/** One screen: the bar, what it says, and what can be done. `name` stands in the window's title. */
export function Screen(props: {
  name: string
  /** What the bar says: the screen's name or the product's. */
  bar?: 'name' | 'product'
  material?: 'paper' | 'stone'
  layout?: 'welcome' | 'middle'
  /** Between bar and body: the streak of the welcome page. */
  above?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation()
  useDocumentTitle(props.name)
  const className = ['screen', props.material === 'stone' && 'stone', props.layout === 'welcome' && 'welcome']
  return (
    <div className={className.filter(Boolean).join(' ')}>
      <Bar name={props.bar === 'product' ? t('product') : props.name} />
      <main className="page">
        {props.above}
        <div className={props.layout === 'middle' ? 'body middle' : 'body'}>{props.children}</div>
        {props.actions !== undefined && <div className="actions">{props.actions}</div>}
      </main>
    </div>
  )
}

/** A screen one comes to by the navigation. */
export function Place(props: { name: string; place: NavPlace; children: ReactNode }) {
  const { t } = useTranslation()
  useDocumentTitle(props.name)
  return (
    <div className="screen app">
      <Bar name={t('product')} />
      <main className="body">{props.children}</main>
      <Nav place={props.place} />
    </div>
  )
}

/** The screen's title. It takes the focus when the screen comes, so that a screen reader starts there. */
export function Heading({ moment = false, children }: { moment?: boolean; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h1 ref={heading} className={moment ? 'title moment-title' : 'title'} tabIndex={-1}>
      {children}
    </h1>
  )
}

function Bar({ name }: { name: string }) {
  return (
    <header className="bar">
      <Mark />
      <span className="name">{name}</span>
      <LockButton />
    </header>
  )
}

function LockButton() {
  const { t } = useTranslation()
  const wallet = useWallet()
  if (useWalletState().status !== 'open') return null
  return (
    <button type="button" className="btn icon-only" aria-label={t('common.lock')} onClick={() => wallet.lock()}>
      <Icon name="lock" />
    </button>
  )
}

function useDocumentTitle(screen: string): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('titles.document', { screen })
  }, [screen, t])
}
