import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Card, OfferLink, OfferView, Wallet } from '../../wallet/wallet.ts'
import { WalletError } from '../../wallet/wallet-error.ts'
import { Answers, Button } from '../components/button.tsx'
import { CardFace } from '../components/card-face.tsx'
import { ClaimRows } from '../components/claims.tsx'
import { Details } from '../components/details.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { Work } from '../components/work.tsx'
import { useCeremony } from '../flow/use-ceremony.ts'
import { useGo, useWallet, useWalletState } from '../shell.ts'
import { useReading } from '../use-reading.ts'
import { useSeen } from '../use-seen.ts'
import { advance, WORK_BEGINS, type WorkState } from '../words/stage.ts'
import { useDates } from '../words/use-dates.ts'
import { Onboarded } from './onboarding.tsx'

/** Opened by an issuer's link: make a wallet if there is none, then read the offer, accept or decline. */
export function Receive({ link }: { link: OfferLink | undefined }) {
  return (
    <Onboarded waiting={{ for: 'issuer' }}>
      <Offer link={link} />
    </Onboarded>
  )
}

function Offer({ link }: { link: OfferLink | undefined }) {
  const { t } = useTranslation()
  const wallet = useWallet()
  const go = useGo()
  const readOffer = useCallback(
    async (wallet: Wallet, signal: AbortSignal) => {
      if (link === undefined) throw new WalletError('offer_link_invalid', 'the link names no offer')
      return wallet.readOffer(link, { signal })
    },
    [link],
  )
  const reading = useReading(readOffer, { once: true })
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
    return (
      <TroubleScreen
        name={name}
        error={reading.error}
        onAgain={reading.again}
        onLeave={() => go('/')}
        leave={t('common.toCards')}
      />
    )
  }
  const offer = reading.value
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
          {/* Only the address is checked; its name is what the issuer says of itself. */}
          <Rich text="receive.who" parts={{ site: <Site origin={offer.issuer.origin} />, name: issuer }} />
        </p>
        <Heading>
          <Rich text="receive.title" parts={{ kind: <Name>{offer.kind}</Name> }} />{' '}
          {offer.issuer.demo && <span className="tag">{t('common.demo')}</span>}
        </Heading>
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
          <dt>{t('card.revoker')}</dt>
          <dd>{issuer}</dd>
        </div>
      </dl>
      <p className="small">
        <Rich text="receive.knows" parts={{ name: issuer }} />
      </p>
      <Details>
        <p className="small">{t('receive.expires', { time: time(offer.expires) })}</p>
      </Details>
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
