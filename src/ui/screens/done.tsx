import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alternative, Presented, RequestView } from '../../wallet/wallet.ts'
import { Streak } from '../art/drawings.tsx'
import { streakOf } from '../art/pattern.ts'
import { BackTo } from '../components/back-to.tsx'
import { Button } from '../components/button.tsx'
import { Rich } from '../components/rich.tsx'
import { Heading, Screen } from '../components/screen.tsx'
import { Nickname, Site } from '../components/site.tsx'
import type { Reply } from '../flow/reply.ts'
import { useGo } from '../shell.ts'

/** How long the window stays after it has answered, in milliseconds, unless the person does something in it. */
const STAYS = { sign_in: 1200, prove: 4000 } as const

/** What they know now, in words. */
export function Done(props: { view: RequestView; way: Alternative; presented: Presented; reply: Reply }) {
  const { view, presented, reply } = props
  const { purpose } = props.way
  const { t } = useTranslation()
  const go = useGo()
  const closes = useClosing(reply, STAYS[purpose])
  const parts = { site: <Site origin={view.origin} />, name: <Nickname>{presented.nickname}</Nickname> }
  const ages = presented.learned.flatMap((item) => (item.type === 'age' ? [item.years] : []))
  const facts = presented.learned.filter((item) => item.type === 'age' || item.type === 'predicate')
  const [years] = facts.length === 1 ? ages : []
  return (
    <Screen
      name={t(purpose === 'sign_in' ? 'titles.signIn' : 'titles.prove')}
      material="stone"
      layout="middle"
      actions={
        <>
          {reply.transport === 'link' && <p className="small">{t('done.returns')}</p>}
          {reply.transport === 'window' && closes && <p className="small">{t('done.closes')}</p>}
          <Button onPress={() => reply.leave()}>
            <span>
              <BackTo origin={view.origin} />
            </span>
          </Button>
          <Button kind="link" onPress={() => go('/activity')}>
            {t('done.seeActivity')}
          </Button>
        </>
      }
    >
      <div className="moment low bleed">
        <div className="scene">
          <Streak pattern={streakOf(view.origin)} />
        </div>
      </div>
      <div>
        <Heading moment>{t(purpose === 'sign_in' ? 'done.signedIn' : 'done.proven')}</Heading>
        <p className="lede">
          {purpose === 'sign_in' ? (
            <Rich text="done.knowsAs" parts={parts} />
          ) : years !== undefined ? (
            <Rich text="done.knowsAge" values={{ years }} parts={parts} />
          ) : (
            <Rich text="done.knowsAnswer" parts={parts} />
          )}
        </p>
        <p className="lede">{t('done.nothingElse')}</p>
      </div>
    </Screen>
  )
}

/** Closes the window by itself; anything the person does in it keeps it open. True while it is about to close. */
function useClosing(reply: Reply, after: number): boolean {
  const [closes, setCloses] = useState(reply.transport === 'window')
  useEffect(() => {
    if (!closes) return
    const timer = setTimeout(() => {
      reply.leave()
      // A window that no script opened stays; then the words must not promise otherwise.
      setCloses(false)
    }, after)
    const stay = () => setCloses(false)
    window.addEventListener('pointerdown', stay)
    window.addEventListener('keydown', stay)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pointerdown', stay)
      window.removeEventListener('keydown', stay)
    }
  }, [closes, reply, after])
  return closes
}
