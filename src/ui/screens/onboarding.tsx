import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Streak } from '../art/drawings.tsx'
import { Button } from '../components/button.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Site } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { Touch } from '../components/work.tsx'
import { useCeremony } from '../flow/use-ceremony.ts'
import { useWallet, useWalletState } from '../shell.ts'

/** Who waits until there is a wallet. A site is named only by the origin that the browser says it has. */
export type Waiting =
  | { readonly for: 'site'; readonly origin: string | undefined }
  /** An issuer's link says whose it is, but nothing of that is checked before there is a wallet. */
  | { readonly for: 'issuer' }

/** Shows `children` to who has a wallet, and makes one for who has none. */
export function Onboarded({ waiting, children }: { waiting?: Waiting | undefined; children: ReactNode }) {
  const { status } = useWalletState()
  const [making, setMaking] = useState(false)
  if (status !== 'none' && !making) return children
  return <Onboarding waiting={waiting} onMaking={setMaking} />
}

function Onboarding(props: { waiting: Waiting | undefined; onMaking: (making: boolean) => void }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const { ceremony, run, cancel, clear } = useCeremony()
  const [step, setStep] = useState<'register' | 'open'>('register')
  const [page, setPage] = useState<'welcome' | 'noKey' | 'created'>('welcome')

  const create = () => {
    props.onMaking(true)
    setStep('register')
    void run(async (signal) => {
      try {
        await wallet.create({ signal, onStep: setStep })
        setPage('created')
      } catch (error) {
        props.onMaking(false)
        throw error
      }
    })
  }

  if (ceremony.status === 'running') {
    return (
      <Touch key={step} name={t('titles.touch')} onCancel={cancel}>
        {t(`touch.${step}`)}
      </Touch>
    )
  }
  if (ceremony.status === 'failed') {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={ceremony.error}
        onAgain={create}
        onLeave={clear}
        leave={t('common.back')}
      />
    )
  }
  if (page === 'created') return <Created onContinue={() => props.onMaking(false)} />
  if (page === 'noKey') return <NoKey onBack={() => setPage('welcome')} onTry={create} />
  return <Welcome waiting={props.waiting} onUse={create} onNoKey={() => setPage('noKey')} />
}

function Welcome(props: { waiting: Waiting | undefined; onUse: () => void; onNoKey: () => void }) {
  const { t } = useTranslation()
  const { waiting } = props
  return (
    <Screen
      name={t('titles.welcome')}
      bar="product"
      material="stone"
      layout="welcome"
      above={
        <div className="hero">
          <Streak pattern="a" />
        </div>
      }
      actions={
        <>
          <Button onPress={props.onUse}>{t('welcome.use')}</Button>
          <Button kind="link" onPress={props.onNoKey}>
            {t('welcome.noKey')}
          </Button>
        </>
      }
    >
      <div>
        <Heading moment>{t('welcome.title')}</Heading>
        <p className="lede">{t('welcome.lede')}</p>
        {waiting !== undefined && (
          <p className="lede">
            <WaitingText waiting={waiting} />
          </p>
        )}
      </div>
    </Screen>
  )
}

function WaitingText({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation()
  if (waiting.for === 'issuer') return t('welcome.forIssuer')
  if (waiting.origin === undefined) return t('welcome.forSomeSite')
  return <Rich text="welcome.forSite" parts={{ site: <Site origin={waiting.origin} /> }} />
}

function NoKey(props: { onBack: () => void; onTry: () => void }) {
  const { t } = useTranslation()
  return (
    <Screen
      name={t('titles.noKey')}
      actions={
        <div className="pair">
          <Button onPress={props.onBack}>{t('common.back')}</Button>
          <Button onPress={props.onTry}>{t('noKey.try')}</Button>
        </div>
      }
    >
      <div className="prose">
        <Heading>{t('noKey.title')}</Heading>
        <p className="lede">{t('noKey.lede')}</p>
        {(['keys', 'phones', 'browsers'] as const).map((part) => (
          <section key={part}>
            <h2 className="subtitle">{t(`noKey.${part}Title`)}</h2>
            <p className="small">{t(`noKey.${part}`)}</p>
          </section>
        ))}
      </div>
    </Screen>
  )
}

function Created({ onContinue }: { onContinue: () => void }) {
  const { t } = useTranslation()
  return (
    <Screen name={t('titles.created')} actions={<Button onPress={onContinue}>{t('created.continue')}</Button>}>
      <div>
        <Heading>{t('created.title')}</Heading>
        <p className="lede">{t('created.lede')}</p>
      </div>
      <div className="slab stone">
        <div className="scene">
          <Streak pattern="a" />
        </div>
      </div>
      <p>{t('created.warning')}</p>
      <p className="small">{t('created.plain')}</p>
    </Screen>
  )
}
