import { useTranslation } from 'react-i18next'
import type { Capability } from '../../wallet/wallet.ts'
import { Icon } from '../art/drawings.tsx'
import { Heading, Screen } from '../components/screen.tsx'

/** For browsers that lack something a wallet cannot do without. */
export function Unsupported({ missing }: { missing: readonly Capability[] }) {
  const { t } = useTranslation()
  return (
    <Screen name={t('titles.unsupported')} bar="product">
      <div>
        <Heading>{t('unsupported.title')}</Heading>
        <p className="lede">{t('unsupported.lede')}</p>
      </div>
      <section className="field">
        <h2 className="subtitle">{t('unsupported.missing')}</h2>
        <ul className="panel rows">
          {missing.map((capability) => (
            <li key={capability}>
              <Icon name="none" />
              <span className="grow">{t(`unsupported.${capability}`)}</span>
            </li>
          ))}
        </ul>
      </section>
      <p className="small">{t('unsupported.then')}</p>
    </Screen>
  )
}
