import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { useGo } from '../shell.ts'

export function UnknownPage() {
  const { t } = useTranslation()
  const go = useGo()
  return (
    <Screen
      name={t('titles.unknownPage')}
      bar="product"
      actions={<Button onPress={() => go('/')}>{t('common.toCards')}</Button>}
    >
      <div>
        <Heading>{t('unknownPage.title')}</Heading>
        <p className="lede">{t('unknownPage.text')}</p>
      </div>
    </Screen>
  )
}
