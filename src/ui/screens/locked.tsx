import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyScene } from '../art/drawings.tsx'
import { streakOf } from '../art/pattern.ts'
import { Button } from '../components/button.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { Touch } from '../components/work.tsx'
import { useCeremony } from '../flow/use-ceremony.ts'
import { useGo, useWallet, useWalletState } from '../shell.ts'

/** Shows `children` while the wallet is open, and opens it where it is locked. */
export function Opened({ children }: { children: ReactNode }) {
  return useWalletState().status === 'open' ? children : <Locked />
}

function Locked() {
  const { t } = useTranslation()
  const wallet = useWallet()
  const go = useGo()
  const { ceremony, run, cancel, clear } = useCeremony()
  const unlock = () => void run((signal) => wallet.unlock({ signal }))
  if (ceremony.status === 'running') return <Touch name={t('titles.touch')} onCancel={cancel} />
  if (ceremony.status === 'failed') {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={ceremony.error}
        onAgain={unlock}
        onLeave={clear}
        leave={t('common.back')}
      />
    )
  }
  return (
    <Screen
      name={t('titles.locked')}
      bar="product"
      material="stone"
      layout="middle"
      actions={
        <>
          <Button onPress={unlock}>{t('locked.unlock')}</Button>
          <Button kind="link" onPress={() => go('/lost')}>
            {t('locked.lost')}
          </Button>
        </>
      }
    >
      <div className="moment bleed">
        <KeyScene moment="still" pattern={streakOf(location.origin)} />
      </div>
      <div>
        <Heading moment>{t('locked.title')}</Heading>
        <p className="lede">{t('locked.lede')}</p>
      </div>
    </Screen>
  )
}
