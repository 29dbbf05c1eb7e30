import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { Erase } from '../components/erase.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { useGo } from '../shell.ts'

/** For who has lost the key: what that means, and the only thing that is left. */
export function Lost() {
  const { t } = useTranslation()
  const go = useGo()
  const [failure, setFailure] = useState<{ error: unknown }>()
  if (failure !== undefined) {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={failure.error}
        onAgain={() => setFailure(undefined)}
        onLeave={() => go('/')}
        leave={t('common.back')}
      />
    )
  }
  return (
    <Screen
      name={t('titles.lost')}
      actions={
        <>
          <Button onPress={() => go('/')}>{t('common.back')}</Button>
          <Erase text={t('lost.reset')} onFailed={(error) => setFailure({ error })} />
        </>
      }
    >
      <Heading>{t('lost.title')}</Heading>
      <div className="prose">
        <p>{t('lost.one')}</p>
        <p>{t('lost.two')}</p>
        <p className="small">{t('lost.three')}</p>
      </div>
    </Screen>
  )
}
