import { useTranslation } from 'react-i18next'
import type { Alternative, RequestView } from '../../wallet/wallet.ts'
import { Answers } from '../components/button.tsx'
import { Nameplate } from '../components/nameplate.tsx'
import { RequestDetails } from '../components/request-details.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Site } from '../components/site.tsx'
import { SitePurpose } from '../components/site-purpose.tsx'
import { useSeen } from '../use-seen.ts'

/** A site asks to sign the person in: the name is the largest thing. */
export function ConsentSignIn(props: {
  name: string
  view: RequestView
  way: Alternative
  onDecline: () => void
  onAgree: () => void
}) {
  const { t, i18n } = useTranslation()
  const seen = useSeen()
  const { view, way } = props
  const kept = way.notLearned.flatMap((item) =>
    // Where no card is shown, neither a claim nor an issuer is kept back.
    item.type === 'claim' || item.type === 'issuer' ? [] : [t(`notLearned.inline.${item.type}`)],
  )
  const list = new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(kept)
  return (
    <Screen
      name={props.name}
      actions={
        <Answers
          no={{ text: t('common.decline'), onPress: props.onDecline }}
          yes={{ text: t('present.signIn'), waiting: t('present.soon'), ready: seen, onPress: props.onAgree }}
        />
      }
    >
      <Heading>
        <Rich text="present.signInTitle" parts={{ site: <Site origin={view.origin} /> }} />
      </Heading>
      <SitePurpose view={view} />
      <Nameplate origin={view.origin} nickname={view.nickname} />
      <div>
        <p className="small">
          {kept.length > 0 && t('present.notLearned', { list })}{' '}
          {way.learned.some((item) => item.type === 'same_key') && t('present.sameKey')}
        </p>
        <RequestDetails view={view} way={way} />
      </div>
    </Screen>
  )
}
