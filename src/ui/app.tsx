import { type ReactNode, useEffect } from 'react'
import { Sprite } from './art/sprite.tsx'
import type { Route } from './router.ts'
import { About } from './screens/about.tsx'
import { Activity } from './screens/activity.tsx'
import { CardDetails } from './screens/card.tsx'
import { Cards } from './screens/cards.tsx'
import { Keys } from './screens/keys.tsx'
import { Loading } from './screens/loading.tsx'
import { Opened } from './screens/locked.tsx'
import { Lost } from './screens/lost.tsx'
import { Onboarded } from './screens/onboarding.tsx'
import { Present } from './screens/present.tsx'
import { Receive } from './screens/receive.tsx'
import { Settings } from './screens/settings.tsx'
import { StoreFailed } from './screens/store-failed.tsx'
import { UnknownPage } from './screens/unknown-page.tsx'
import { Unsupported } from './screens/unsupported.tsx'
import { useRoute, useWalletState } from './shell.ts'
import { useActivityNotes } from './use-activity-notes.ts'
import { useSettings } from './use-settings.ts'

/** All pages: which one, by the address and by where the wallet is. */
export function App() {
  useTheme()
  useActivityNotes()
  return (
    <>
      <Sprite />
      <Page />
    </>
  )
}

function Page() {
  const state = useWalletState()
  const route = useRoute()
  if (state.status === 'loading') return <Loading />
  if (state.status === 'unsupported') return <Unsupported missing={state.missing} />
  // Where the store cannot be read, erasing may be what is left.
  if (state.status === 'failed' && route.name !== 'settings' && route.name !== 'lost')
    return <StoreFailed code={state.code} />
  return <RoutePage key={keyOf(route)} route={route} />
}

function RoutePage({ route }: { route: Route }): ReactNode {
  switch (route.name) {
    case 'home':
      return inside(<Cards />)
    case 'card':
      return inside(<CardDetails id={route.id} />)
    case 'activity':
      return inside(<Activity />)
    case 'keys':
      return <Onboarded>{<Keys />}</Onboarded>
    case 'settings':
      return <Settings />
    case 'about':
      return <About />
    case 'lost':
      return <Lost />
    case 'receive':
      return <Receive link={route.link} />
    case 'present':
      return <Present link={route.link} />
    case 'unknown':
      return <UnknownPage />
  }
}

function inside(page: ReactNode): ReactNode {
  return (
    <Onboarded>
      <Opened>{page}</Opened>
    </Onboarded>
  )
}

/** A new offer or request is a new page, also at the same address. */
function keyOf(route: Route): string {
  if (route.name === 'card') return `card ${route.id}`
  return 'arrival' in route ? `${route.name} ${route.arrival}` : route.name
}

function useTheme(): void {
  const { theme } = useSettings()
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
}
