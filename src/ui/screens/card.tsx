import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CredentialView, Wallet } from '../../wallet/wallet.ts'
import { AskDialog } from '../components/ask-dialog.tsx'
import { Button } from '../components/button.tsx'
import { CardFace } from '../components/card-face.tsx'
import { ClaimRows } from '../components/claims.tsx'
import { Heading, Place } from '../components/screen.tsx'
import { Name, Site } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { useGo, useWallet } from '../shell.ts'
import { useReading } from '../use-reading.ts'
import { useDates } from '../words/use-dates.ts'

/** One card, with all that it says. The wallet is open here. */
export function CardDetails({ id }: { id: string }) {
  const { t } = useTranslation()
  const go = useGo()
  const reading = useReading(useCallback((wallet: Wallet) => wallet.credential(id), [id]))
  const wallet = useWallet()
  const [deleting, setDeleting] = useState(false)
  const [failure, setFailure] = useState<{ error: unknown }>()
  // While it is deleted, the page reads it once more and finds it gone: that is no trouble.
  const failed = failure ?? (reading.status === 'failed' && !deleting ? reading : undefined)
  const remove = () => {
    setDeleting(true)
    wallet.deleteCredential(id).then(
      () => go('/', { replace: true }),
      (error) => setFailure({ error }),
    )
  }
  if (failed !== undefined) {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={failed.error}
        onAgain={() => {
          setFailure(undefined)
          setDeleting(false)
          reading.again()
        }}
        onLeave={() => go('/')}
        leave={t('common.toCards')}
        remove={<Delete onDelete={remove} />}
      />
    )
  }
  if (reading.status !== 'read' || deleting) {
    return (
      <Place name={t('titles.cards')} place="cards">
        {null}
      </Place>
    )
  }
  const { card } = reading.value
  return (
    <Place name={t('titles.card', { kind: card.kind })} place="cards">
      <Heading>
        <Name>{card.kind}</Name>
      </Heading>
      <CardFace card={card} />
      <Facts credential={reading.value} />
      <Delete onDelete={remove} />
    </Place>
  )
}

function Facts({ credential }: { credential: CredentialView }) {
  const { t } = useTranslation()
  const { longDay } = useDates()
  const { card } = credential
  return (
    <dl className="facts">
      <ClaimRows claims={credential.claims} />
      <div>
        <dt>{t('card.issuer')}</dt>
        <dd>
          <Name>{card.issuerName}</Name>
        </dd>
      </div>
      <div>
        <dt>{t('card.address')}</dt>
        <dd>
          <Site origin={card.issuerOrigin} />
        </dd>
      </div>
      <div>
        <dt>{t('card.issued')}</dt>
        <dd>{longDay(credential.issuedAt)}</dd>
      </div>
      <div>
        <dt>{t('card.validFrom')}</dt>
        <dd>{longDay(credential.validFrom)}</dd>
      </div>
      <div>
        <dt>{t('card.validUntil')}</dt>
        <dd>{longDay(credential.validUntil)}</dd>
      </div>
      <div>
        <dt>{t('card.revoker')}</dt>
        <dd>
          <Name>{card.issuerName}</Name>
        </dd>
      </div>
    </dl>
  )
}

function Delete({ onDelete }: { onDelete: () => void }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button kind="rust" onPress={() => setAsking(true)}>
        {t('card.delete')}
      </Button>
      {asking && (
        <AskDialog
          title={t('card.deleteTitle')}
          text={t('card.deleteText')}
          keep={t('card.keep')}
          go={t('card.deleteConfirm')}
          onKeep={() => setAsking(false)}
          onGo={() => {
            setAsking(false)
            onDelete()
          }}
        />
      )}
    </>
  )
}
