import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClaimView } from '../../wallet/wallet.ts'
import { claimText } from '../words/claim-text.ts'
import { Name } from './site.tsx'

/** Claims as rows of a list of facts, each in words; sensitive ones only after a press. */
export function ClaimRows({ claims }: { claims: readonly ClaimView[] }) {
  return claims.map((claim) => (
    <div key={claim.name}>
      <dt>
        <Name>{claim.title}</Name>
      </dt>
      <dd>{claim.sensitive ? <Hidden claim={claim} /> : <Value claim={claim} />}</dd>
    </div>
  ))
}

function Hidden({ claim }: { claim: ClaimView }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const { title } = claim
  return (
    <>
      {shown ? <Value claim={claim} /> : <span>{t('common.hidden')}</span>}
      <button
        type="button"
        className="btn link"
        aria-label={t(shown ? 'common.hideClaim' : 'common.showClaim', { title })}
        onClick={() => setShown(!shown)}
      >
        {t(shown ? 'common.hide' : 'common.show')}
      </button>
    </>
  )
}

function Value({ claim }: { claim: ClaimView }) {
  const { t, i18n } = useTranslation()
  return <Name>{claimText(claim.value, claim.type, t, i18n.language)}</Name>
}
