import { type Ref, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Learned } from '../../wallet/wallet.ts'
import { Tick } from '../art/drawings.tsx'
import type { Kept } from '../words/kept.ts'
import { learnedLines } from '../words/learned-lines.ts'
import { KeptText, LearnedText } from './learned.tsx'

/**
 * The promise: what leaves lies on the leaf, what stays is under stone. `start` gets the title of what leaves, which can
 * take the focus, and `end` an empty element behind its last line.
 */
export function Ledger(props: {
  learned: readonly Learned[]
  kept: readonly Kept[]
  start: Ref<HTMLHeadingElement>
  end: Ref<HTMLDivElement>
}) {
  const { t } = useTranslation()
  const { learned, kept } = props
  const id = useId()
  return (
    <div className="ledger">
      <section className="leaf" aria-labelledby={`${id}-learned`}>
        <h2 id={`${id}-learned`} ref={props.start} tabIndex={-1}>
          {t('present.theyLearn')}
        </h2>
        <ul>
          {learnedLines(learned).map((item) => (
            <li key={JSON.stringify(item)}>
              <Tick answer="yes" />
              <span>
                <LearnedText item={item} />
              </span>
            </li>
          ))}
        </ul>
        <div ref={props.end} />
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
