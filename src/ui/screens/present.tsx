import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WalletLink } from '../../protocol/window-message.ts'
import type { Presented, RequestView, Wallet } from '../../wallet/wallet.ts'
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
import { useGo, useWallet } from '../shell.ts'
import { useReading } from '../use-reading.ts'
import { advance, WORK_BEGINS, type WorkState } from '../words/stage.ts'
import { Choose } from './choose.tsx'
import { ConsentProve, candidateOf } from './consent-prove.tsx'
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
  const [choices, setChoices] = useState<Readonly<Record<string, string>>>({})
  const [choosing, setChoosing] = useState<string>()
  const [presented, setPresented] = useState<Presented>()
  const [declined, setDeclined] = useState(false)
  const { origin } = view
  const name = t(view.purpose === 'sign_in' ? 'titles.signIn' : 'titles.prove')

  const agree = () => {
    setWork(WORK_BEGINS)
    void run(async (signal) => {
      const onProgress = (progress: Parameters<typeof advance>[1]) => setWork((before) => advance(before, progress))
      const result = await wallet.present(view, { choices: shownCards(view, choices), signal, onProgress })
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
    return <Work name={name} work={work} origin={origin} purpose="present" onCancel={cancel} />
  }
  if (presented !== undefined) return <Done view={view} presented={presented} reply={reply} />
  if (declined) return <Declined name={name} origin={origin} reply={reply} />
  if (ceremony.status === 'failed') {
    return (
      <TroubleScreen
        name={name}
        error={ceremony.error}
        origin={origin}
        onAgain={agree}
        onChoose={hasAnotherCard(view) ? onReadAgain : undefined}
        onLeave={() => void decline()}
        leave={<BackTo origin={origin} />}
      />
    )
  }
  const asked = view.asks.find((ask) => ask.itemId === choosing)
  if (asked?.kind === 'credential') {
    return (
      <Choose
        name={name}
        ask={asked}
        chosen={choices[asked.itemId]}
        onChoose={(credentialId) => {
          setChoices({ ...choices, [asked.itemId]: credentialId })
          setChoosing(undefined)
        }}
        onBack={() => setChoosing(undefined)}
      />
    )
  }
  const consent = { name, view, onDecline: () => void decline(), onAgree: agree }
  if (view.purpose === 'sign_in') return <ConsentSignIn {...consent} />
  return <ConsentProve {...consent} choices={choices} onChange={setChoosing} />
}

/** For each credential asked for, the card on screen: the wallet answers with that one or not at all. */
function shownCards(view: RequestView, choices: Readonly<Record<string, string>>): Record<string, string> {
  const cards = view.asks.flatMap((ask) => {
    const card = ask.kind === 'credential' ? candidateOf(ask, choices[ask.itemId]) : undefined
    return card === undefined ? [] : [[ask.itemId, card.credentialId] as const]
  })
  return Object.fromEntries(cards)
}

function hasAnotherCard({ asks }: RequestView): boolean {
  return asks.some(
    (ask) => ask.kind === 'credential' && ask.candidates.filter(({ satisfiable }) => satisfiable !== false).length > 1,
  )
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
