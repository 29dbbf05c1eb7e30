import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useGo, useWallet } from '../shell.ts'
import { AskDialog } from './ask-dialog.tsx'
import { Button } from './button.tsx'

/** The button that erases the wallet, and the two questions before it does. `onFailed` gets what went wrong. */
export function Erase({ text, onFailed }: { text: string; onFailed: (error: unknown) => void }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const go = useGo()
  const [asked, setAsked] = useState<0 | 1 | 2>(0)
  const erase = () => {
    setAsked(0)
    wallet.reset().then(() => go('/', { replace: true }), onFailed)
  }
  return (
    <>
      <Button kind="rust" onPress={() => setAsked(1)}>
        {text}
      </Button>
      {asked === 1 && (
        <AskDialog
          title={t('settings.resetAsk')}
          text={t('settings.resetAskText')}
          keep={t('settings.keep')}
          go={t('settings.resetGoOn')}
          onKeep={() => setAsked(0)}
          onGo={() => setAsked(2)}
        />
      )}
      {asked === 2 && (
        <AskDialog
          grave
          title={t('settings.resetAgain')}
          text={t('settings.resetAgainText')}
          keep={t('settings.keep')}
          go={t('settings.resetConfirm')}
          onKeep={() => setAsked(0)}
          onGo={erase}
        />
      )}
    </>
  )
}
