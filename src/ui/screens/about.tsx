import { useTranslation } from 'react-i18next'
import { Icon } from '../art/drawings.tsx'
import { Details } from '../components/details.tsx'
import { Heading, Place } from '../components/screen.tsx'
import { useShell } from '../shell.ts'

/** Written by the build beside the pages: the licence texts of every package in the bundle. */
const LICENCES_PATH = '/licences.txt'

export function About() {
  const { t } = useTranslation()
  const { keySetHash } = useShell()
  return (
    <Place name={t('titles.about')} place="settings">
      <Heading>{t('about.title')}</Heading>
      <div className="prose">
        <p>{t('about.what')}</p>
        <p>{t('about.honest')}</p>
        <p>{t('about.source')}</p>
        <p className="small">{t('about.licence')}</p>
      </div>
      <div className="panel rows">
        <a className="row" href={LICENCES_PATH}>
          <b className="grow">{t('about.licences')}</b>
          <Icon name="go" flip />
        </a>
      </div>
      <Details>
        <p className="small">
          {t('about.keySet')}: <code>{keySetHash}</code>
        </p>
      </Details>
    </Place>
  )
}
