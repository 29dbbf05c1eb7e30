import { useTranslation } from 'react-i18next'
import type { PredicateView } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { isForeign, memberCount } from '../words/question-text.ts'
import { isLongSet, membersOf } from '../words/set-members.ts'
import { Name } from './site.tsx'

/** All members of every set that was too long for its sentence, behind a press. */
export function SetMembers({ predicates }: { predicates: readonly PredicateView[] }) {
  const { t, i18n } = useTranslation()
  const sets = predicates.map((predicate) => ({ predicate, members: membersOf(predicate, t, i18n.language) }))
  return sets
    .filter(({ members }) => isLongSet(members))
    .map(({ predicate, members }) => (
      <details key={JSON.stringify(predicate)} className="more">
        <summary>
          <Icon name="go" flip />
          {t('set.all', { members: memberCount(predicate, members.length, t) })}
        </summary>
        <ul className="members small">
          {members.map((text) => (
            <li key={text}>
              <Name>{isForeign(predicate.type) ? t('question.quoted', { text }) : text}</Name>
            </li>
          ))}
        </ul>
      </details>
    ))
}
