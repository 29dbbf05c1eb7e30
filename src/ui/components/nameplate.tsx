import { useTranslation } from 'react-i18next'
import { Streak } from '../art/drawings.tsx'
import { streakOf } from '../art/pattern.ts'
import { Name } from './site.tsx'

/** The name one site knows the person by. On a first visit the stone is blank: the touch will draw the streak. */
export function Nameplate({ origin, nickname }: { origin: string; nickname: string | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="plate stone">
      <div className="draw">{nickname !== undefined && <Streak pattern={streakOf(origin)} />}</div>
      {nickname === undefined ? (
        <>
          <p className="pseudonym">{t('present.newName')}</p>
          <p className="small">{t('present.newNameText')}</p>
        </>
      ) : (
        <>
          <p className="small">{t('present.knownAs')}</p>
          <p className="pseudonym">
            <Name>{nickname}</Name>
          </p>
          <p className="small">{t('present.onlyHere')}</p>
        </>
      )}
    </div>
  )
}
