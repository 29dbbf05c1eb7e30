import { useTranslation } from 'react-i18next'
import { Icon } from '../art/drawings.tsx'
import { Link } from './link.tsx'

const PLACES = [
  { place: 'cards', to: '/', icon: 'cards' },
  { place: 'activity', to: '/activity', icon: 'list' },
  { place: 'keys', to: '/keys', icon: 'key' },
  { place: 'settings', to: '/settings', icon: 'settings' },
] as const

export type NavPlace = (typeof PLACES)[number]['place']

export function Nav({ place: here }: { place: NavPlace }) {
  const { t } = useTranslation()
  return (
    <nav className="nav" aria-label={t('common.navigation')}>
      {PLACES.map(({ place, to, icon }) => (
        <Link key={place} to={to} current={place === here}>
          <Icon name={icon} />
          {t(`nav.${place}`)}
        </Link>
      ))}
    </nav>
  )
}
