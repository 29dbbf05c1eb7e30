import { useTranslation } from 'react-i18next'
import { Heading, Screen } from '../components/screen.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { StoreError } from '../page-error.ts'
import { useGo, useWallet } from '../shell.ts'

/** While the wallet looks what it has. */
export function Loading() {
  const { t } = useTranslation()
  return (
    <Screen name={t('product')} material="stone" layout="middle">
      <Heading>{t('common.loading')}</Heading>
    </Screen>
  )
}

/** The store cannot be read. */
export function Failed({ code }: { code: string }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const go = useGo()
  return (
    <TroubleScreen
      name={t('product')}
      error={new StoreError(code)}
      onAgain={() => void wallet.reload()}
      onLeave={() => go('/settings')}
      leave={t('trouble.actions.settings')}
    />
  )
}
