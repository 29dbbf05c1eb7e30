import { useTranslation } from 'react-i18next'
import { MAX_PURPOSE_CHARACTERS } from '../../protocol/request.ts'
import type { RequestView } from '../../wallet/wallet.ts'
import { foreignText } from '../words/foreign-text.ts'
import { Rich } from './rich.tsx'
import { Site } from './site.tsx'

/**
 * Why the site asks, where it says so: quoted, and said to be the site's own words, for nobody has checked them. Never a
 * title, and never among what the wallet says itself.
 */
export function SitePurpose({ view }: { view: RequestView }) {
  const { t } = useTranslation()
  const { sitePurpose, origin } = view
  if (sitePurpose === undefined) return null
  return (
    <figure className="purpose">
      <figcaption className="label">
        <Rich text="present.purpose" parts={{ site: <Site origin={origin} /> }} />
      </figcaption>
      <blockquote>{t('present.purposeWords', { words: foreignText(sitePurpose, MAX_PURPOSE_CHARACTERS) })}</blockquote>
    </figure>
  )
}
