import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Learned } from '../../wallet/wallet.ts'
import { Tick } from '../art/drawings.tsx'
import type { Kept } from '../words/kept.ts'
import { KeptText, LearnedText } from './learned.tsx'

/** The promise: what leaves lies on the leaf, what stays is under stone. */
export function Ledger({ learned, kept }: { learned: readonly Learned[]; kept: readonly Kept[] }) {
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
          {kept.map((item) => (
            <li key={JSON.stringify(item)}>
              <Tick answer="no" />
              <span>
                <KeptText item={item} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
