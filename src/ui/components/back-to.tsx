import { Rich } from './rich.tsx'
import { Site } from './site.tsx'

/** "Back to wine.example": words for a button. */
export function BackTo({ origin }: { origin: string }) {
  return <Rich text="common.backToSite" parts={{ site: <Site origin={origin} /> }} />
}
