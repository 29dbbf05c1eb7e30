import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Heading, Screen } from '../components/screen.tsx'

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
  return (
    <Screen name={t('titles.loading')} bar="product">
      {slow && <Heading>{t('common.loading')}</Heading>}
    </Screen>
  )
}
