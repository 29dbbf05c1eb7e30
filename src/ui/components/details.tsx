import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../art/drawings.tsx'

/** Where the technical words live. */
export function Details({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <details className="more">
      <summary>
        <Icon name="go" flip />
        {t('common.details')}
      </summary>
      {children}
    </details>
  )
}
