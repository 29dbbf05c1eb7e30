import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Origin } from '../../protocol/origin.ts'
import { localeOf } from '../words/locale.ts'
import { Whole } from './rich.tsx'
import { Site } from './site.tsx'

/** Several sites as a list in words. `any`: one or another of them; `all`: just these. */
export function Sites({ origins, as }: { origins: readonly Origin[]; as: 'any' | 'all' }) {
  const { language } = useTranslation().i18n
  const type = as === 'any' ? 'disjunction' : 'unit'
  const pieces = new Intl.ListFormat(localeOf(language), { type }).formatToParts(origins)
  return pieces.map(({ type, value }, i) => {
    const key = `${i}`
    if (type === 'element') {
      const next = pieces[i + 1]?.value.startsWith(',') ? ',' : undefined
      return (
        <Whole key={key} closing={next}>
          <Site origin={value} />
        </Whole>
      )
    }
    return <Fragment key={key}>{value.replace(/^,/, '')}</Fragment>
  })
}
