import { type CSSProperties, type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyScene, Tick } from '../art/drawings.tsx'
import { streakOf } from '../art/pattern.ts'
import { localeOf } from '../words/locale.ts'
import { type Purpose, type Stage, stagesOf, type WorkState } from '../words/stage.ts'
import { Button } from './button.tsx'
import { Rich } from './rich.tsx'
import { Heading, Screen } from './screen.tsx'
import { Site } from './site.tsx'

/** How long the touch is shown drawing its streak, in milliseconds; `--draw` of the stylesheet. */
const DRAWING = 720

/** What the person sees after an answer: first the touch, then the work. `origin`: whom it is for. */
export function Work(props: { name: string; work: WorkState; origin: string; purpose: Purpose; onCancel: () => void }) {
  const drawn = useDrawn(props.work.touched)
  if (drawn) return <Working {...props} />
  const { touch, touched } = props.work
  return (
    <Touch name={props.name} origin={props.origin} touched={touched} onCancel={props.onCancel}>
      {touch.total > 1 && <Rich text="touch.nth" values={{ n: touch.n, total: touch.total }} />}
    </Touch>
  )
}

/** The moment: nothing on the screen but the touch. `children`: words for this touch, before the usual ones. */
export function Touch(props: {
  name: string
  origin?: string
  touched?: boolean
  onCancel: () => void
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const { origin } = props
  return (
    <Screen
      name={props.name}
      material="stone"
      layout="middle"
      actions={
        <>
          <p className="small">
            {origin === undefined ? (
              t('touch.here')
            ) : (
              <Rich text="touch.forSite" parts={{ site: <Site origin={origin} /> }} />
            )}
          </p>
          <Button kind="plain" onPress={props.onCancel}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      <div className="moment bleed">
        <KeyScene moment={props.touched ? 'touched' : 'waiting'} pattern={streakOf(origin ?? location.origin)} />
      </div>
      <div>
        <Heading moment>{t('touch.title')}</Heading>
        <p className="lede" role="status">
          {props.children} {t('touch.lede')}
        </p>
      </div>
    </Screen>
  )
}

function Working(props: { name: string; work: WorkState; purpose: Purpose; onCancel: () => void }) {
  const { t } = useTranslation()
  const { work, purpose } = props
  const words = useStageWords(purpose)
  const counted = useCounts(work)
  const counts = counted(work.stage)
  const stages = stagesOf(purpose)
  // React sets this through the CSSOM, which a strict CSP allows.
  const style = { '--done': `${work.done}%` } as CSSProperties
  return (
    <Screen
      name={props.name}
      material="stone"
      layout="middle"
      actions={
        <>
          <p className="small">{work.stage === 'send' ? t('working.sending') : t('common.nothingYet')}</p>
          <Button kind="plain" onPress={props.onCancel}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      <div>
        <Heading>{t(purpose === 'receive' ? 'working.titleReceive' : 'working.title')}</Heading>
        <p className="lede">{t('working.lede')}</p>
      </div>
      <div className="progress" style={style}>
        <div
          className="track"
          role="progressbar"
          aria-label={t('working.bar')}
          aria-valuenow={Math.round(work.done)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuetext={`${words(work.stage)} ${counts}`.trim()}
        >
          <svg className="streak" viewBox="2 4.5 298 15" preserveAspectRatio="none" aria-hidden="true">
            <use href="#streak-bar" width="300" height="24" />
          </svg>
        </div>
      </div>
      <p className="visually-hidden" role="status">
        {/* Spoken at each change, so without the bytes. */}
        {words(work.stage)} {work.stage !== 'download' && counts}
      </p>
      <ol className="phases">
        {stages.map((stage, i) => (
          <Phase key={stage} place={i - stages.indexOf(work.stage)} text={words(stage)} count={counted(stage)} />
        ))}
      </ol>
    </Screen>
  )
}

/** `place`: how many steps after the present one; negative for what is done. */
function Phase({ place, text, count }: { place: number; text: string; count: string }) {
  return (
    <li aria-current={place === 0 ? 'step' : undefined} className={place > 0 ? 'later' : undefined}>
      {place < 0 ? <Tick answer="yes" /> : <span />}
      <span>{text}</span>
      <span className="num">{place === 0 && count}</span>
    </li>
  )
}

/** How far a step is, in figures: megabytes, issuers, proofs. Empty where there is nothing to count. */
function useCounts({ bytes, lists, proofs }: WorkState): (stage: Stage) => string {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(localeOf(i18n.language), { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return (stage) => {
    if (stage === 'download' && bytes) {
      return t('working.bytes', { loaded: number.format(bytes.loaded / 1e6), total: number.format(bytes.total / 1e6) })
    }
    if (stage === 'status' && lists && lists.total > 1) return t('working.count', lists)
    return stage === 'prove' && proofs ? t('working.count', proofs) : ''
  }
}

function useStageWords(purpose: Purpose): (stage: Stage) => string {
  const { t } = useTranslation()
  return (stage) => (stage === 'send' && purpose === 'receive' ? t('working.sendReceive') : t(`working.${stage}`))
}

/** True a moment after the touch: long enough to see what it drew. */
function useDrawn(touched: boolean): boolean {
  const [drawn, setDrawn] = useState(false)
  useEffect(() => {
    if (!touched) {
      setDrawn(false)
      return
    }
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setTimeout(() => setDrawn(true), still ? 0 : DRAWING)
    return () => clearTimeout(timer)
  }, [touched])
  return drawn
}
