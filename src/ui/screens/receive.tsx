import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Card, OfferLink, OfferView } from '../../wallet/wallet.ts'
import { WalletError } from '../../wallet/wallet-error.ts'
import { Icon } from '../art/drawings.tsx'
import { Answers, Button } from '../components/button.tsx'
import { CardFace } from '../components/card-face.tsx'
import { ClaimRows } from '../components/claims.tsx'
import { More } from '../components/more.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { Work } from '../components/work.tsx'
import { useCeremony } from '../flow/use-ceremony.ts'
import { useGo, useWallet, useWalletState } from '../shell.ts'
import { useSeen } from '../use-seen.ts'
import { isOrigin } from '../words/site-name.ts'
import { advance, WORK_BEGINS, type WorkState } from '../words/stage.ts'
import { useDates } from '../words/use-dates.ts'
import { Onboarded } from './onboarding.tsx'

/** Opened by an issuer's link: make a wallet if there is none, then read the offer, accept or decline. */
export function Receive({ link }: { link: OfferLink | undefined }) {
  const waiting = link && isOrigin(link.issuer) ? ({ for: 'issuer', origin: link.issuer } as const) : undefined
  return (
    <Onboarded waiting={waiting}>
      <Offer link={link} />
    </Onboarded>
  )
}

function Offer({ link }: { link: OfferLink | undefined }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const go = useGo()
  const reading = useOffer(link)
  const { ceremony, run, cancel, clear } = useCeremony()
  const [work, setWork] = useState<WorkState>(WORK_BEGINS)
  const [end, setEnd] = useState<{ card: Card } | 'declined'>()
  const name = t('receive.bar')

  if (reading.status === 'reading') {
    return (
      <Screen name={name}>
        <Heading>{t('receive.reading')}</Heading>
      </Screen>
    )
  }
  if (reading.status === 'failed') {
    const origin = link && isOrigin(link.issuer) ? link.issuer : undefined
    return (
      <TroubleScreen
        name={name}
        error={reading.error}
        origin={origin}
        onAgain={reading.again}
        onLeave={() => go('/')}
        leave={t('common.toCards')}
      />
    )
  }
  const { offer } = reading
  const { origin } = offer.issuer
  const accept = () => {
    setWork(WORK_BEGINS)
    void run(async (signal) => {
      const onProgress = (progress: Parameters<typeof advance>[1]) => setWork((before) => advance(before, progress))
      setEnd({ card: await wallet.acceptOffer(offer, { signal, onProgress }) })
    })
  }
  if (ceremony.status === 'running') {
    return <Work name={name} work={work} origin={origin} purpose="receive" onCancel={cancel} />
  }
  if (ceremony.status === 'failed') {
    return (
      <TroubleScreen
        name={name}
        error={ceremony.error}
        origin={origin}
        onAgain={accept}
        onLeave={() => {
          clear()
          go('/')
        }}
        leave={t('common.toCards')}
      />
    )
  }
  if (end === 'declined') return <Declined name={name} origin={origin} />
  if (end !== undefined) return <Received name={name} card={end.card} />
  return <OfferQuestion name={name} offer={offer} onDecline={() => setEnd('declined')} onAccept={accept} />
}

function OfferQuestion(props: { name: string; offer: OfferView; onDecline: () => void; onAccept: () => void }) {
  const { t } = useTranslation()
  const { longDay, time } = useDates()
  const seen = useSeen()
  // The view says how many touches it takes, but the wallet may have locked or opened since.
  const locked = useWalletState().status === 'locked'
  const { offer } = props
  const issuer = <Name>{offer.issuer.name}</Name>
  return (
    <Screen
      name={props.name}
      actions={
        <>
          {locked && <p className="small">{t('receive.lockedTouches')}</p>}
          <Answers
            no={{ text: t('receive.decline'), onPress: props.onDecline }}
            yes={{
              text: t('receive.accept'),
              waiting: t('present.soon'),
              ready: seen,
              onPress: props.onAccept,
            }}
          />
        </>
      }
    >
      <div>
        <p className="who">
          <Rich text="receive.who" parts={{ site: <Site origin={offer.issuer.origin} /> }} />
        </p>
        <Heading>
          <Rich text="receive.title" parts={{ kind: <Name>{offer.kind}</Name> }} />{' '}
          {offer.issuer.demo && <span className="tag">{t('common.demo')}</span>}
        </Heading>
        <p className="checked">
          <Icon name="check" />
          <span>
            <Rich text="receive.checked" parts={{ name: issuer }} />
          </span>
        </p>
      </div>
      {offer.issuer.demo && <p className="small">{t('receive.demo')}</p>}
      <dl className="facts">
        <ClaimRows claims={offer.claims} />
        <div>
          <dt>{t('receive.validFrom')}</dt>
          <dd>{longDay(offer.validFrom)}</dd>
        </div>
        <div>
          <dt>{t('receive.validUntil')}</dt>
          <dd>{longDay(offer.validUntil)}</dd>
        </div>
        <div>
          <dt>{t('receive.revoker')}</dt>
          <dd>{offer.revocable ? issuer : t('receive.nobody')}</dd>
        </div>
      </dl>
      <p className="small">
        <Rich text="receive.knows" parts={{ name: issuer }} />
      </p>
      <More>
        <p className="small">{t('receive.expires', { time: time(offer.expires) })}</p>
      </More>
    </Screen>
  )
}

function Received({ name, card }: { name: string; card: Card }) {
  const { t } = useTranslation()
  const go = useGo()
  return (
    <Screen
      name={name}
      material="stone"
      layout="middle"
      actions={<Button onPress={() => go('/', { replace: true })}>{t('receive.seeCards')}</Button>}
    >
      <CardFace card={card} />
      <div>
        <Heading moment>{t('receive.doneTitle')}</Heading>
        <p className="lede">{t('receive.done', { kind: card.kind })}</p>
      </div>
    </Screen>
  )
}

function Declined({ name, origin }: { name: string; origin: string }) {
  const { t } = useTranslation()
  const go = useGo()
  return (
    <Screen name={name} actions={<Button onPress={() => go('/', { replace: true })}>{t('common.toCards')}</Button>}>
      <div>
        <Heading>{t('receive.declinedTitle')}</Heading>
        <p className="lede">
          <Rich text="receive.declined" parts={{ site: <Site origin={origin} /> }} />
        </p>
      </div>
    </Screen>
  )
}

type OfferReading =
  | { readonly status: 'reading' }
  | { readonly status: 'read'; readonly offer: OfferView }
  | { readonly status: 'failed'; readonly error: unknown }

/** Reads the offer once, and again when asked to. */
function useOffer(link: OfferLink | undefined): OfferReading & { again: () => void } {
  const wallet = useWallet()
  const [reading, setReading] = useState<OfferReading>({ status: 'reading' })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks for a new reading
  useEffect(() => {
    if (link === undefined) {
      setReading({ status: 'failed', error: new WalletError('offer_link_invalid', 'the link names no offer') })
      return
    }
    setReading({ status: 'reading' })
    const controller = new AbortController()
    const settle = (next: OfferReading) => {
      if (!controller.signal.aborted) setReading(next)
    }
    wallet.readOffer(link, { signal: controller.signal }).then(
      (offer) => settle({ status: 'read', offer }),
      (error) => settle({ status: 'failed', error }),
    )
    return () => controller.abort()
  }, [wallet, link, turn])
  return { ...reading, again: () => setTurn((last) => last + 1) }
}
