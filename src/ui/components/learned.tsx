import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Origin } from '../../protocol/origin.ts'
import type { Learned } from '../../wallet/wallet.ts'
import { foreignText } from '../words/foreign-text.ts'
import type { Kept } from '../words/kept.ts'
import { predicateText } from '../words/question-text.ts'
import { useDates } from '../words/use-dates.ts'
import { Rich } from './rich.tsx'
import { Name, Nickname, Site } from './site.tsx'

/** One thing a site knows afterwards, as a phrase. */
export function LearnedText({ item }: { item: Learned }) {
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
    case 'issuer': {
      const [only, ...others] = item.issuers
      if (only !== undefined && others.length === 0) {
        return <Rich text="learned.issuer" parts={{ site: <Site origin={only} /> }} />
      }
      return <Rich text="learned.issuers" parts={{ list: <Sites origins={item.issuers} /> }} />
    }
    case 'issued_by':
      return t('learned.issuedBy', { date: longDay(item.day) })
  }
}

/** One thing a site does not learn, as a phrase. */
export function KeptText({ item }: { item: Kept }) {
  const { t } = useTranslation()
  if (item.type === 'claim') return <Name>{item.title}</Name>
  if (item.type !== 'more') return t(`notLearned.${item.type}`)
  return item.kind === undefined ? t('notLearned.more') : t('notLearned.moreKind', { kind: item.kind })
}

/** Several sites as a list in words. */
function Sites({ origins }: { origins: readonly Origin[] }) {
  const { language } = useTranslation().i18n
  const pieces = new Intl.ListFormat(language, { type: 'disjunction' }).formatToParts(origins)
  return pieces.map(({ type, value }) =>
    type === 'element' ? <Site key={value} origin={value} /> : <Fragment key={value}>{value}</Fragment>,
  )
}
