import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WalletLink } from '../../protocol/window-message.ts'
import type { Presented, RequestView, Wallet } from '../../wallet/wallet.ts'
import { toWalletError } from '../../wallet/wallet-error.ts'
import { BackTo } from '../components/back-to.tsx'
import { Button } from '../components/button.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Site } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { Work } from '../components/work.tsx'
import type { Reply } from '../flow/reply.ts'
import { useCeremony } from '../flow/use-ceremony.ts'
import { useRequest } from '../flow/use-request.ts'
import { type Choices, cardAtFault, credentialAsks, otherChoice, pickedWay, shownCards } from '../flow/ways.ts'
import { useGo, useWallet } from '../shell.ts'
import { useReading } from '../use-reading.ts'
import { advance, WORK_BEGINS, type WorkState } from '../words/stage.ts'
import { CannotAnswer } from './cannot-answer.tsx'
import { Choose } from './choose.tsx'
import { ConsentProve } from './consent-prove.tsx'
import { ConsentSignIn } from './consent-sign-in.tsx'
import { Done } from './done.tsx'
import { Onboarded } from './onboarding.tsx'

/** Opened by a site: wait for its request, make a wallet if there is none, then ask the person. */
export function Present({ link }: { link: WalletLink | undefined }) {
  const { t } = useTranslation()
  const go = useGo()
  const incoming = useRequest(link)

  if (incoming.status === 'failed') {
    const { reply } = incoming
    const leave = () => {
      reply?.decline(undefined)
      if (!reply?.leave()) go('/')
    }
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={incoming.error}
        onLeave={leave}
        leave={reply ? t('common.close') : t('common.toCards')}
      />
    )
  }
  return (
    // The address alone names nobody: only the window that a message came from is known.
    <Onboarded waiting={{ for: 'site', origin: incoming.status === 'came' ? incoming.origin : undefined }}>
      {incoming.status === 'came' ? <Request {...incoming} /> : <WaitingForSite />}
    </Onboarded>
  )
}

function WaitingForSite() {
  const { t } = useTranslation()
  return (
    <Screen name={t('titles.waiting')} actions={<Button onPress={() => window.close()}>{t('common.close')}</Button>}>
      <div>
        <Heading>{t('present.waitingTitle')}</Heading>
        <p className="lede">{t('present.waiting')}</p>
      </div>
    </Screen>
  )
}

function Request(props: { jws: string; origin?: string; reply: Reply }) {
  const { t } = useTranslation()
  const go = useGo()
  const { jws, origin, reply } = props
  const readRequest = useCallback(
    (wallet: Wallet, signal: AbortSignal) =>
      wallet.readRequest(origin === undefined ? { jws } : { jws, origin }, { signal }),
    [jws, origin],
  )
  const reading = useReading(readRequest, { once: true })

  if (reading.status === 'reading') {
    return (
      <Screen name={t('titles.waiting')}>
        <Heading>{t('present.reading')}</Heading>
      </Screen>
    )
  }
  if (reading.status === 'failed') {
    const leave = () => {
      reply.decline(undefined)
      if (!reply.leave()) go('/')
    }
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={reading.error}
        origin={origin}
        onAgain={reading.again}
        onLeave={leave}
        leave={origin === undefined ? t('common.toCards') : <BackTo origin={origin} />}
      />
    )
  }
  const { value: view, again } = reading
  return <Answering key={view.details.requestHash} view={view} reply={reply} onReadAgain={again} />
}

/** One verified request, from the question to the end. `onReadAgain`: for a view that knows what the touch has shown. */
function Answering({ view, reply, onReadAgain }: { view: RequestView; reply: Reply; onReadAgain: () => void }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const { ceremony, run, cancel } = useCeremony()
  const [work, setWork] = useState<WorkState>(WORK_BEGINS)
  const [picked, setPicked] = useState<string>()
  const [choices, setChoices] = useState<Choices>({})
  const [choosing, setChoosing] = useState<string>()
  const [presented, setPresented] = useState<Presented>()
  const [declined, setDeclined] = useState(false)
  const { origin } = view
  const way = pickedWay(view, picked)
  // With several ways it is not settled that it is only to sign in.
  const signsIn = way.purpose === 'sign_in' && view.alternatives.length === 1
  const name = t(signsIn ? 'titles.signIn' : 'titles.prove')

  const agree = () => {
    setWork(WORK_BEGINS)
    void run(async (signal) => {
      const onProgress = (progress: Parameters<typeof advance>[1]) => setWork((before) => advance(before, progress))
      const answer = { alternative: way.id, choices: shownCards(way, choices) }
      const onTouched = () => reply.proving()
      const result = await wallet.present(view, { ...answer, signal, onProgress, onTouched })
      reply.answer(view, result)
      setPresented(result)
      if (reply.transport === 'link') reply.leave()
    })
  }
  const decline = async () => {
    setDeclined(true)
    // A view that the wallet has dropped meanwhile needs no answer of the wallet's; the site still gets one.
    await wallet.decline(view).catch(() => undefined)
    reply.decline(view)
    reply.leave()
  }

  if (ceremony.status === 'running') {
    return <Work name={name} work={work} origin={origin} purpose={way.purpose} onCancel={cancel} />
  }
  if (presented !== undefined) return <Done view={view} way={way} presented={presented} reply={reply} />
  if (declined) return <Declined name={name} origin={origin} reply={reply} />
  if (ceremony.status === 'failed') {
    return (
      <TroubleScreen
        name={name}
        error={ceremony.error}
        card={cardAtFault(way, choices, toWalletError(ceremony.error))}
        origin={origin}
        onAgain={agree}
        choice={otherChoice(view, way)}
        onChoose={onReadAgain}
        onLeave={() => void decline()}
        leave={<BackTo origin={origin} />}
      />
    )
  }
  const asked = credentialAsks(way).find((ask) => ask.itemId === choosing)
  if (asked !== undefined) {
    return (
      <Choose
        name={name}
        ask={asked}
        choices={choices}
        onChoose={(credentialId) => {
          setChoices({ ...choices, [asked.itemId]: credentialId })
          setChoosing(undefined)
        }}
        onBack={() => setChoosing(undefined)}
      />
    )
  }
  const consent = { name, view, way, onDecline: () => void decline(), onAgree: agree }
  if (way.answerable === false) return <CannotAnswer {...consent} />
  if (signsIn) return <ConsentSignIn {...consent} />
  return <ConsentProve {...consent} choices={choices} onPick={setPicked} onChange={setChoosing} />
}

function Declined({ name, origin, reply }: { name: string; origin: string; reply: Reply }) {
  const { t } = useTranslation()
  return (
    <Screen
      name={name}
      actions={
        <Button onPress={() => reply.leave()}>
          <span>
            <BackTo origin={origin} />
          </span>
        </Button>
      }
    >
      <div>
        <Heading>{t('done.declinedTitle')}</Heading>
        <p className="lede">
          <Rich text="done.declined" parts={{ site: <Site origin={origin} /> }} />
        </p>
      </div>
    </Screen>
  )
}
