import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './messages/en.json' with { type: 'json' }

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** The texts, ready at once: they are part of the page. React puts them in as text, so nothing is escaped here. */
export function createMessages(): i18n {
  const messages = createInstance()
  messages.use(initReactI18next)
  void messages.init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return messages
}
