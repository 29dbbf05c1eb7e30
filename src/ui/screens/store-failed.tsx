import { useTranslation } from 'react-i18next'
import { TroubleScreen } from '../components/trouble.tsx'
import { StoreError } from '../page-error.ts'
import { useGo, useWallet } from '../shell.ts'

/** The store cannot be read. `code` says why. */
export function StoreFailed({ code }: { code: string }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const go = useGo()
  return (
    <TroubleScreen
      name={t('titles.trouble')}
      error={new StoreError(code)}
      onAgain={() => void wallet.reload()}
      onLeave={() => go('/settings')}
      leave={t('trouble.actions.settings')}
    />
  )
}
