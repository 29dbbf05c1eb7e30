import type { ReactNode } from 'react'
import streaks from './streaks.json' with { type: 'json' }

const STRANDS = ['k1', 'k2', 'k3', 'k4'] as const

/** Every drawing that `<use>` names, once in the page. */
export function Sprite() {
  return (
    <svg className="sprite" width="0" height="0" aria-hidden="true">
      <Strands id="streak-a" viewBox="0 0 300 44" paths={streaks.a} />
      <Strands id="streak-b" viewBox="0 0 300 44" paths={streaks.b} />
      <Strands id="streak-c" viewBox="0 0 300 44" paths={streaks.c} />
      <Strands id="streak-d" viewBox="0 0 300 44" paths={streaks.d} />
      <Strands id="streak-bar" viewBox="0 0 300 24" paths={streaks.bar} stretch />
      {Object.entries(ICONS).map(([name, drawing]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 20 20">
          {drawing}
        </symbol>
      ))}
      <symbol id="punch-octagon" viewBox="0 0 40 40">
        <path className="punch" d="M12 3h16l9 9v16l-9 9H12l-9-9V12z" />
      </symbol>
      <symbol id="punch-shield" viewBox="0 0 40 40">
        <path className="punch" d="M5 4h30v20c0 7-6 11-15 13C11 35 5 31 5 24z" />
      </symbol>
      <symbol id="punch-circle" viewBox="0 0 40 40">
        <path className="punch" d="M20 3c11 0 17 7 17 17s-6 17-17 17S3 30 3 20 9 3 20 3z" />
      </symbol>
      <symbol id="tick-yes" viewBox="0 0 18 12">
        <path d="M2.5 9.2 15.5 2.8" />
      </symbol>
      <symbol id="tick-no" viewBox="0 0 18 12">
        <path d="M3 6h12" />
      </symbol>
    </svg>
  )
}

export type IconName = keyof typeof ICONS

const ICONS = {
  key: (
    <>
      <path d="M1.5 7.5H6v5H1.5zM6 5h9.5a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3H6z" />
      <circle cx="12.7" cy="10" r="1.9" />
    </>
  ),
  close: <path d="m4.5 4.5 11 11m0-11-11 11" />,
  go: <path d="m7.5 4.5 5.5 5.5-5.5 5.5" />,
  back: <path d="M12.5 4.5 7 10l5.5 5.5" />,
  cards: (
    <>
      <rect x="2" y="7" width="16" height="10" rx="2" />
      <path d="M4.5 4h11" />
    </>
  ),
  list: <path d="M2.5 5h3M8.5 5h9M2.5 10h3M8.5 10h9M2.5 15h3M8.5 15h9" />,
  settings: (
    <>
      <path d="M2.5 6h8M14.5 6h3M2.5 14h3M9.5 14h8" />
      <circle cx="12.5" cy="6" r="2" />
      <circle cx="7.5" cy="14" r="2" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="9" width="13" height="8.5" rx="2" />
      <path d="M6.5 9V6.2a3.5 3.5 0 0 1 7 0V9" />
    </>
  ),
  plus: <path d="M10 3.5v13M3.5 10h13" />,
  sent: <path d="M5 15 15 5M7.5 5H15v7.5" />,
  none: (
    <>
      <circle cx="10" cy="10" r="7.5" />
      <path d="m4.8 15.2 10.4-10.4" />
    </>
  ),
} satisfies Record<string, ReactNode>

function Strands(props: { id: string; viewBox: string; paths: readonly string[]; stretch?: boolean }) {
  return (
    <symbol id={props.id} viewBox={props.viewBox} preserveAspectRatio={props.stretch ? 'none' : undefined}>
      {STRANDS.map((strand, i) => (
        <path key={strand} className={strand} d={props.paths[i]} />
      ))}
    </symbol>
  )
}
