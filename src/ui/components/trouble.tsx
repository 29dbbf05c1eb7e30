import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Origin } from '../../protocol/origin.ts'
import type { Card } from '../../wallet/wallet.ts'
import { toWalletError } from '../../wallet/wallet-error.ts'
import { Icon, KeyScene } from '../art/drawings.tsx'
import { streakOf } from '../art/pattern.ts'
import { useGo } from '../shell.ts'
import { type Remedy, type TroubleWords, troubleOf } from '../words/troubles.ts'
import { Button } from './button.tsx'
import { Details } from './details.tsx'
import { Rich } from './rich.tsx'
import { Heading, Screen } from './screen.tsx'
import { Name, Site } from './site.tsx'

/** The card is at fault, so that another one, or another way to answer, may do. */
const CARD_FAILED = new Set(['cannot_satisfy', 'credential_expired', 'credential_revoked', 'issuer_key_unknown'])

/**
 * What happened, whether anything was shared, and the one thing to do. `origin`: the other side, where there is one.
 * `onAgain` and `onLeave` say how to do it here; the remedy of the error's code picks which of them is the button.
 * `choice` and `onChoose`: another card or way to answer, if there is one, where a card did not answer. `remove` is the
 * button that deletes what is damaged, where that is at hand. `card`: the one that is at fault, where it is known.
 */
export function TroubleScreen(props: {
  name: string
  error: unknown
  card?: Card | undefined
  origin?: string | undefined
  onAgain?: (() => void) | undefined
  choice?: 'card' | 'way' | undefined
  onChoose?: () => void
  onLeave: () => void
  /** Words for `onLeave`. */
  leave: ReactNode
  remove?: ReactNode
}) {
  const { t } = useTranslation()
  const { origin } = props
  const error = toWalletError(props.error)
  const { words, remedy: usual, refusedKey } = troubleOf(error)
  const remedy = CARD_FAILED.has(error.code) && props.choice !== undefined ? 'choose' : usual
  return (
    <Screen name={props.name} actions={<Remedies {...props} remedy={remedy} />}>
      {refusedKey && (
        <div className="slab stone">
          <KeyScene moment="refused" pattern={streakOf(origin ?? location.origin)} />
        </div>
      )}
      <div>
        <Heading>{t(`trouble.${words}.title`)}</Heading>
        <p className="lede">
          <TroubleText
            words={words}
            issuer={error.origin}
            card={CARD_FAILED.has(error.code) ? props.card : undefined}
          />
        </p>
      </div>
      <div className="fact-line">
        <Icon name={error.shared === 'nothing' ? 'none' : 'sent'} />
        <span>
          {origin === undefined ? (
            <Rich text={`shared.${error.shared}`} />
          ) : (
            <Rich text={`shared.${error.shared}With`} parts={{ site: <Site origin={origin} /> }} />
          )}
        </span>
      </div>
      <Details>
        <p className="small">
          <Rich text="trouble.code" parts={{ code: <code>{error.code}</code> }} />
        </p>
        {error.detail !== undefined && (
          <p className="small">
            <Rich text="trouble.detail" parts={{ code: <code>{error.detail}</code> }} />
          </p>
        )}
      </Details>
    </Screen>
  )
}

/** The text of a trouble, with the issuer and the card that it is about. One whose issuer it does not name says it after. */
function TroubleText(props: { words: TroubleWords; issuer: Origin | undefined; card: Card | undefined }) {
  const { t } = useTranslation()
  const { words, issuer, card } = props
  const site = issuer === undefined ? undefined : <Site origin={issuer} />
  const parts = {
    issuer: card === undefined ? (site ?? t('trouble.names.issuer')) : <Name>{card.issuerName}</Name>,
    card:
      card === undefined ? (
        t('trouble.names.card')
      ) : (
        <Rich text="trouble.names.cardKind" parts={{ kind: <Name>{card.kind}</Name> }} />
      ),
  }
  const namesIssuer = t(`trouble.${words}.text`).includes('<issuer/>')
  return (
    <>
      <Rich text={`trouble.${words}.text`} parts={parts} />
      {site !== undefined && !namesIssuer && (
        <>
          {' '}
          <Rich text="trouble.issuer" parts={{ issuer: site }} />
        </>
      )}
    </>
  )
}

function Remedies(props: {
  remedy: Remedy | 'choose'
  onAgain?: (() => void) | undefined
  choice?: 'card' | 'way' | undefined
  onChoose?: () => void
  onLeave: () => void
  leave: ReactNode
  remove?: ReactNode
}) {
  const { t } = useTranslation()
  const go = useGo()
  const leave = (kind: 'solid' | 'link') => (
    <Button kind={kind} onPress={props.onLeave}>
      <span>{props.leave}</span>
    </Button>
  )
  if (props.remedy === 'again' && props.onAgain !== undefined) {
    return (
      <>
        <Button onPress={props.onAgain}>{t('common.tryAgain')}</Button>
        {leave('link')}
      </>
    )
  }
  if (props.remedy === 'choose' && props.choice !== undefined && props.onChoose !== undefined) {
    return (
      <>
        <Button onPress={props.onChoose}>{t(`trouble.actions.choose.${props.choice}`)}</Button>
        {leave('link')}
      </>
    )
  }
  switch (props.remedy) {
    case 'reload':
      return (
        <>
          <Button onPress={() => location.reload()}>{t('trouble.actions.reload')}</Button>
          {leave('link')}
        </>
      )
    case 'settings':
      return (
        <>
          <Button onPress={() => go('/settings')}>{t('trouble.actions.settings')}</Button>
          {leave('link')}
        </>
      )
    case 'delete':
      if (props.remove !== undefined) {
        return (
          <>
            {props.remove}
            {leave('link')}
          </>
        )
      }
      return <Button onPress={() => go('/')}>{t('common.toCards')}</Button>
    case 'wallet':
      return <Button onPress={() => go('/')}>{t('common.toCards')}</Button>
    default:
      return leave('solid')
  }
}
