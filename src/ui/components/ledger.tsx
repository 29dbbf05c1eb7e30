import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Learned, NotLearned } from '../../wallet/wallet.ts'
import { Tick } from '../art/drawings.tsx'
import { LearnedText, NotLearnedText } from './learned.tsx'

/** The promise: what leaves lies on the leaf, what stays is under stone. */
export function Ledger({ learned, notLearned }: { learned: readonly Learned[]; notLearned: readonly NotLearned[] }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="ledger">
      <section className="leaf" aria-labelledby={`${id}-learned`}>
        <h2 id={`${id}-learned`}>{t('present.theyLearn')}</h2>
        <ul>
          {learned.map((item) => (
            <li key={JSON.stringify(item)}>
              <Tick answer="yes" />
              <span>
                <LearnedText item={item} />
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className="stone" aria-labelledby={`${id}-not`}>
        <h2 id={`${id}-not`}>{t('present.theyDoNot')}</h2>
        <ul>
          {notLearned.map((item) => (
            <li key={JSON.stringify(item)}>
              <Tick answer="no" />
              <span>
                <NotLearnedText item={item} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
