import type { Punch, StreakPattern } from './pattern.ts'
import type { IconName } from './sprite.tsx'

/** Drawings say nothing to a screen reader: the words beside them do. */

export function Icon({ name, flip = false }: { name: IconName; flip?: boolean }) {
  return (
    <svg className={flip ? 'icon flip' : 'icon'} aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  )
}

/** What leaves (`yes`) and what stays (`no`). */
export function Tick({ answer }: { answer: 'yes' | 'no' }) {
  return (
    <svg className={answer === 'yes' ? 'tick' : 'tick tick-none'} viewBox="0 0 18 12" aria-hidden="true">
      <use href={`#tick-${answer}`} />
    </svg>
  )
}

/** `base`: the grey one that the wrong metal leaves. */
export function Streak({
  pattern,
  base = false,
  drawn = false,
}: {
  pattern: StreakPattern
  base?: boolean
  drawn?: boolean
}) {
  const className = ['streak', base && 'base', drawn && 'drawn'].filter(Boolean).join(' ')
  return (
    <svg className={className} viewBox="0 0 300 44" aria-hidden="true">
      <use href={`#streak-${pattern}`} />
    </svg>
  )
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 64 64" aria-hidden="true">
      <path
        className="mark-edge"
        d="M15 4.5 50 3c5-.2 8.3 2.7 8.6 7.4L61 49.5c.3 5.6-2.9 9.2-8.3 9.5L14.5 61c-5.6.3-9.2-2.8-9.5-8.3L3.2 17.5C2.8 9.7 7.5 4.8 15 4.5Z"
      />
      <path
        className="mark-stone"
        d="M15.3 7.3 49.7 5.9c4.7-.2 7.9 2.5 8.2 7.1L60.2 49.7c.2 4.8-2.6 8-7.6 8.3L14.6 60c-5 .3-8.3-2.5-8.6-7.3L4.2 18.5C3.9 11.8 8.3 7.6 15.3 7.3Z"
      />
      <path
        className="mark-gold"
        transform="rotate(-37 32 32)"
        d="M5.4 28C20 22.8 42 22.6 61 26.4 43 30.6 25 33.2 9.6 35.4 4.4 36 3 29 5.4 27.8ZM15.5 40.2C27 36.8 39 35.6 52 35.6 40.5 38.6 29.5 40.8 19 42.2 15 42.6 13.8 40.7 15.5 40.2Z"
      />
    </svg>
  )
}

/** The issuer's letter in a punched outline. Ours to draw, so that nobody can send a picture. */
export function Hallmark({ punch, name }: { punch: Punch; name: string }) {
  const [letter = ''] = name.trim()
  return (
    <svg className="hallmark" viewBox="0 0 40 40" aria-hidden="true">
      <use href={`#punch-${punch}`} />
      <text x="20" y="25.5">
        {letter.toUpperCase()}
      </text>
    </svg>
  )
}

/**
 * The key on the stone. `still`: nobody waits for it. `waiting`: its contact blinks, nothing is drawn yet. `touched`: the touch has drawn the streak.
 * `refused`: the wrong metal left a grey one.
 */
export function KeyScene({
  moment,
  pattern,
}: {
  moment: 'still' | 'waiting' | 'touched' | 'refused'
  pattern: StreakPattern
}) {
  return (
    <div className={`scene ${moment}`}>
      <svg className="key-art" viewBox="0 0 360 130" aria-hidden="true">
        {(moment === 'touched' || moment === 'refused') && (
          <g className={moment === 'touched' ? 'drawn' : undefined}>
            <svg
              className={moment === 'refused' ? 'streak base' : 'streak'}
              x="88"
              y="38"
              width="270"
              height="54"
              viewBox="0 0 300 44"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <use href={`#streak-${pattern}`} />
            </svg>
          </g>
        )}
        <path className="key-body" d="M-60 30H104a18 18 0 0 1 18 18v34a18 18 0 0 1-18 18H-60z" />
        <path className="key-line" d="M22 30v70" />
        <circle className="contact-ring" cx="76" cy="65" r="25" />
        <circle className="contact" cx="76" cy="65" r="16" />
      </svg>
    </div>
  )
}
