import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Heading, Screen } from '../components/screen.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { StoreError } from '../page-error.ts'
import { useGo, useWallet } from '../shell.ts'

/** Words come only when it takes this long, in milliseconds; before, they would but flicker. */
const SILENT = 400

/** While the wallet looks what it has. */
export function Loading() {
  const { t } = useTranslation()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SILENT)
    return () => clearTimeout(timer)
  }, [])
  return <Screen name={t('product')}>{slow && <Heading>{t('common.loading')}</Heading>}</Screen>
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
