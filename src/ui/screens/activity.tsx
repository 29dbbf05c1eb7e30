import { useTranslation } from 'react-i18next'
import type { ActivityEntry, Wallet } from '../../wallet/wallet.ts'
import { Icon, Streak } from '../art/drawings.tsx'
import { streakOf } from '../art/pattern.ts'
import { LearnedText } from '../components/learned.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Place } from '../components/screen.tsx'
import { SetMembers } from '../components/set-members.tsx'
import { Nickname, Site } from '../components/site.tsx'
import { TroubleScreen } from '../components/trouble.tsx'
import { useGo, useShell } from '../shell.ts'
import { useReading } from '../use-reading.ts'
import { type DayGroup, groupByDay } from '../words/day-groups.ts'
import { learnedLines } from '../words/learned-lines.ts'
import { questionTexts } from '../words/question-text.ts'
import { useDates } from '../words/use-dates.ts'

const readActivity = (wallet: Wallet) => wallet.activity()

/** What happened, newest first, by days of the reader's calendar. */
export function Activity() {
  const { t } = useTranslation()
  const go = useGo()
  const { now } = useShell()
  const reading = useReading(readActivity)
  if (reading.status === 'failed') {
    return (
      <TroubleScreen
        name={t('titles.trouble')}
        error={reading.error}
        onAgain={reading.again}
        onLeave={() => go('/')}
        leave={t('common.toCards')}
      />
    )
  }
  const groups = reading.status === 'read' ? groupByDay(reading.value, now()) : []
  return (
    <Place name={t('titles.activity')} place="activity">
      <div>
        <Heading>{t('activity.title')}</Heading>
        <p className="lede small">{t('activity.lede')}</p>
      </div>
      {reading.status === 'read' && groups.length === 0 && <p className="small">{t('activity.empty')}</p>}
      {groups.map((group) => (
        <section key={group.key}>
          <h2 className="day">
            <DayName group={group} />
          </h2>
          <div className="panel">
            {group.entries.map((entry) => (
              <Event key={entry.id} entry={entry} />
            ))}
          </div>
        </section>
      ))}
    </Place>
  )
}

function DayName({ group }: { group: DayGroup }) {
  const { t } = useTranslation()
  const { weekday, date } = useDates()
  if (group.name !== 'date') return t(`activity.${group.name}`)
  return group.thisYear ? weekday(group.at) : date(group.at)
}

function Event({ entry }: { entry: ActivityEntry }) {
  const { time } = useDates()
  return (
    <article className="event">
      <Chip entry={entry} />
      <div>
        <header>
          <b>
            <Site origin={entry.origin} />
          </b>
          <time className="label" dateTime={new Date(entry.at * 1000).toISOString()}>
            {time(entry.at)}
          </time>
        </header>
        <What entry={entry} />
      </div>
    </article>
  )
}

/** Only what a touch made has a streak. */
function Chip({ entry }: { entry: ActivityEntry }) {
  if (entry.kind === 'signed_in' || entry.kind === 'proved') {
    return (
      <span className="chip stone">
        <Streak pattern={streakOf(entry.origin)} />
      </span>
    )
  }
  return (
    <span className="chip empty">
      <Icon name={entry.kind === 'received' ? 'plus' : 'none'} />
    </span>
  )
}

function What({ entry }: { entry: ActivityEntry }) {
  const { t, i18n } = useTranslation()
  const texts = entry.questions.flatMap((question) => questionTexts(question, entry.credentialKind, t, i18n.language))
  // Several ways to answer may ask the same of different cards.
  const asked = [...new Set(texts)]
  const name = entry.nickname === undefined ? null : <Nickname>{entry.nickname}</Nickname>
  switch (entry.kind) {
    case 'received':
      return (
        <p className="small">
          {entry.credentialKind === undefined
            ? t('activity.receivedUnknown')
            : t('activity.received', { kind: entry.credentialKind })}
        </p>
      )
    case 'signed_in':
      return (
        <p className="small">
          <Rich text="activity.signedIn" parts={{ name }} />
        </p>
      )
    case 'proved':
      return (
        <>
          <Asked questions={asked} />
          <p className="small">
            {name === null ? t('activity.learnedYesOnly') : <Rich text="activity.learnedYes" parts={{ name }} />}
          </p>
          <WhatItLearned entry={entry} />
        </>
      )
    case 'declined':
      return (
        <>
          <Asked questions={asked} />
          <p className="small">{t('activity.declined')}</p>
        </>
      )
    case 'failed':
      return (
        <>
          <Asked questions={asked} />
          <p className="small">{t(entry.shared === 'nothing' ? 'activity.failed' : 'activity.failedMaybe')}</p>
        </>
      )
  }
}

function Asked({ questions }: { questions: readonly string[] }) {
  const { t } = useTranslation()
  return questions.map((question) => (
    <p key={question} className="small">
      {t('activity.asked', { question })}
    </p>
  ))
}

function WhatItLearned({ entry }: { entry: ActivityEntry }) {
  const { t } = useTranslation()
  if (entry.learned.length === 0) return null
  return (
    <details className="more">
      <summary>
        <Icon name="go" flip />
        {t('activity.what')}
      </summary>
      <ul>
        {learnedLines(entry.learned).map((item) => (
          <li key={JSON.stringify(item)} className="small">
            <LearnedText item={item} />
          </li>
        ))}
      </ul>
      <SetMembers predicates={entry.learned.flatMap((item) => (item.type === 'predicate' ? [item.predicate] : []))} />
    </details>
  )
}
