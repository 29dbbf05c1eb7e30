import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings as WalletSettings } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Erase } from '../components/erase.tsx'
import { Link } from '../components/link.tsx'
import { Heading, Place } from '../components/screen.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { useGo, useWallet } from '../shell.ts'
import { useSettings } from '../use-settings.ts'

const THEMES = ['system', 'light', 'dark'] as const
const MINUTES = [1, 2, 5, 10, 15, 30, 60]

export function Settings() {
  const { t } = useTranslation()
  const go = useGo()
  const wallet = useWallet()
  const [failure, setFailure] = useState<{ error: unknown }>()
  const onFailed = (error: unknown) => setFailure({ error })
  if (failure !== undefined) {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={failure.error}
        onAgain={() => setFailure(undefined)}
        onLeave={() => go('/')}
        leave={t('common.toCards')}
      />
    )
  }
  const change = (changes: Partial<WalletSettings>) => void wallet.changeSettings(changes).catch(onFailed)
  return (
    <Place name={t('titles.settings')} place="settings">
      <Heading>{t('settings.title')}</Heading>
      <Theme onChange={(theme) => change({ theme })} />
      <AutoLock onChange={(autoLockMinutes) => change({ autoLockMinutes })} />
      <div className="panel rows">
        <Link className="row" to="/about">
          <span className="grow">
            <b>{t('settings.about')}</b>
            <span className="small">{t('settings.aboutText')}</span>
          </span>
          <Icon name="go" flip />
        </Link>
      </div>
      <section className="field">
        <h2 className="subtitle">{t('settings.resetTitle')}</h2>
        <p className="small">{t('settings.resetText')}</p>
        <Erase text={t('settings.reset')} onFailed={onFailed} />
      </section>
    </Place>
  )
}

function Theme({ onChange }: { onChange: (theme: WalletSettings['theme']) => void }) {
  const { t } = useTranslation()
  const { theme } = useSettings()
  return (
    <fieldset className="field">
      <legend>{t('settings.theme')}</legend>
      <div className="panel rows">
        {THEMES.map((choice) => (
          <label key={choice} className="row choice">
            <input type="radio" name="theme" checked={choice === theme} onChange={() => onChange(choice)} />
            <span className="grow">{t(`settings.theme_${choice}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function AutoLock({ onChange }: { onChange: (minutes: number) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const { autoLockMinutes } = useSettings()
  const choices = [...new Set([...MINUTES, autoLockMinutes])].sort((a, b) => a - b)
  return (
    <div className="field">
      <label htmlFor={id}>{t('settings.autoLock')}</label>
      <select
        id={id}
        aria-describedby={`${id}-text`}
        value={autoLockMinutes}
        onChange={(event) => onChange(Number(event.target.value))}
      >
        {choices.map((count) => (
          <option key={count} value={count}>
            {t('settings.minutes', { count })}
          </option>
        ))}
      </select>
      <p className="small" id={`${id}-text`}>
        {t('settings.autoLockText')}
      </p>
    </div>
  )
}
