import { useTranslation } from 'react-i18next'
import { ageText } from '../words/age-text.ts'
import { foreignText } from '../words/foreign-text.ts'
import type { Kept } from '../words/kept.ts'
import type { LearnedLine, Standing } from '../words/learned-lines.ts'
import { predicateText } from '../words/question-text.ts'
import { useDates } from '../words/use-dates.ts'
import { Rich } from './rich.tsx'
import { Name, Nickname, Site } from './site.tsx'

/** One thing a site knows afterwards, as a phrase. */
export function LearnedText({ item }: { item: LearnedLine }) {
  const { t, i18n } = useTranslation()
  const { longDay } = useDates()
  switch (item.type) {
    case 'name':
      if (item.nickname === undefined) return t('learned.newName')
      return <Rich text="learned.name" parts={{ name: <Nickname>{item.nickname}</Nickname> }} />
    case 'act_name':
      return t('learned.actName', { action: foreignText(item.action) })
    case 'same_key':
      return t('learned.sameKey')
    case 'age':
      return t('learned.age', { years: item.years })
    case 'predicate':
      return predicateText('learned', item.predicate, t, i18n.language)
    case 'valid':
      if (item.credentialKind === undefined) return t('learned.validUnknown')
      return t('learned.valid', { kind: foreignText(item.credentialKind) })
    case 'not_revoked':
      return t('learned.notRevoked', { age: ageText(item.within, t) })
    case 'issuer': {
      const [only, ...others] = item.issuers
      if (only !== undefined && others.length === 0) {
        return <Rich text="learned.issuer" parts={{ site: <Site origin={only} /> }} />
      }
      return t('learned.issuers', { count: item.issuers.length })
    }
    case 'standing':
      return <StandingText standing={item} />
    case 'issued_by':
      return t('learned.issuedBy', { date: longDay(item.day) })
  }
}

/** How a card stands, and whose it is where that tells it from another. */
function StandingText({ standing }: { standing: Standing }) {
  const { t } = useTranslation()
  const { credentialKind, within, issuers = [] } = standing
  const [only, ...others] = issuers
  const card =
    credentialKind === undefined ? t('learned.cardUnknown') : t('learned.card', { kind: foreignText(credentialKind) })
  const values = { card, age: ageText(within, t) }
  if (only === undefined) return t('learned.standing', values)
  if (others.length > 0) return t('learned.standingByOne', { ...values, count: issuers.length })
  return <Rich text="learned.standingBy" values={values} parts={{ card, site: <Site origin={only} /> }} />
}

/** One thing a site does not learn, as a phrase. */
export function KeptText({ item }: { item: Kept }) {
  const { t } = useTranslation()
  switch (item.type) {
    case 'claim':
      return <Name>{item.title}</Name>
    case 'which':
      return t('notLearned.which', { title: foreignText(item.title) })
    case 'more':
      return item.kind === undefined ? t('notLearned.more') : t('notLearned.moreKind', { kind: item.kind })
    case 'issuer':
      return t('notLearned.issuer', { count: item.issuers.length })
    default:
      return t(`notLearned.${item.type}`)
  }
}
