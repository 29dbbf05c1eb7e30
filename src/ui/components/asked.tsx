import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative, Ask } from '../../wallet/wallet.ts'
import { type CredentialAsk, credentialAsks } from '../flow/ways.ts'
import { foreignText } from '../words/foreign-text.ts'
import { questionTexts } from '../words/question-text.ts'
import { Rich } from './rich.tsx'
import { Heading } from './screen.tsx'
import { SetMembers } from './set-members.tsx'
import { Site } from './site.tsx'
import { WayText } from './ways.tsx'

/** Who asks, and the question as the title; several ones as a list under one. */
export function Asked({ origin, way }: { origin: string; way: Alternative }) {
  const { t, i18n } = useTranslation()
  const asks = credentialAsks(way)
  const questions = asks.flatMap((ask) => questionTexts(ask.question, ask.credentialKind, t, i18n.language))
  const [only, ...more] = questions
  return (
    <div>
      <Asker origin={origin} />
      <Heading>{more.length === 0 && only !== undefined ? only : t('present.several')}</Heading>
      {more.length > 0 && (
        <ul className="questions">
          {questions.map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ul>
      )}
      <Sets asks={asks} />
      <Acts asks={asks} />
    </div>
  )
}

/** Who asks, how many ways there are to answer, and what is asked in all of them. `from`: as for {@link WayText}. */
export function AskedInWays(props: { origin: string; count: number; shared: readonly Ask[]; from?: false }) {
  const { t } = useTranslation()
  const { count, shared } = props
  return (
    <>
      <div>
        <Asker origin={props.origin} />
        <Heading>{count === 2 ? t('ways.two') : t('ways.several', { count })}</Heading>
      </div>
      {shared.length > 0 && (
        <section className="field">
          <h2>{t('ways.always')}</h2>
          <div>
            <div className="panel rows ways">
              <div>
                <WayText asks={shared} from={props.from} />
              </div>
            </div>
            <Sets asks={credentialAsks({ asks: shared })} />
          </div>
        </section>
      )}
    </>
  )
}

/** All members of the long sets in these questions. */
export function Sets({ asks }: { asks: readonly CredentialAsk[] }) {
  const predicates = asks.flatMap(({ question }) => (question.type === 'predicates' ? question.items : []))
  return <SetMembers predicates={predicates} />
}

/** What works only once per person. */
function Acts({ asks }: { asks: readonly CredentialAsk[] }): ReactNode {
  const { t } = useTranslation()
  return asks.map(({ itemId, act }) =>
    act === undefined ? null : (
      <p key={itemId} className="lede small">
        {t('present.once', { action: foreignText(act.action) })}
      </p>
    ),
  )
}

function Asker({ origin }: { origin: string }) {
  return (
    <p className="who">
      <Rich text="present.who" parts={{ site: <Site origin={origin} /> }} />
    </p>
  )
}
