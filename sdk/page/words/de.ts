import type { ENGLISH } from './en.ts'

/** The same in German. */
export const GERMAN: Readonly<Record<keyof typeof ENGLISH, string>> = {
  'touchstone.button.label': 'Mit Touchstone anmelden',
  'touchstone.button.awaiting_wallet': 'Ihre Wallet wird geöffnet',
  'touchstone.button.awaiting_key': 'Ihr Schlüssel ist gefragt',
  'touchstone.button.proving': 'Ihre Wallet arbeitet',
  'touchstone.button.verifying': 'Die Antwort wird geprüft',
  'touchstone.button.done': 'Fertig',
  'touchstone.button.show': 'Drücken zeigt das Fenster wieder',
  'touchstone.button.cancel': 'Abbrechen',

  'touchstone.wallet_closed':
    'Die Wallet wurde ohne Antwort geschlossen, hier hat sich also nichts geändert. Drücken Sie die Schaltfläche, um es noch einmal zu versuchen.',
  'touchstone.declined':
    'Die Wallet hat nicht geantwortet. Drücken Sie die Schaltfläche, um es noch einmal zu versuchen.',
  'touchstone.site_unreachable': 'Der Server dieser Website antwortet nicht. Versuchen Sie es gleich noch einmal.',
  'touchstone.session_expired':
    'Das hat zu lange gedauert, und die Frage ist abgelaufen. Drücken Sie die Schaltfläche, um neu zu fragen.',
  'touchstone.session_cancelled': 'Die Frage wurde zurückgezogen. Drücken Sie die Schaltfläche, um neu zu fragen.',
  'touchstone.session_unknown':
    'Die Frage wurde in einem anderen Browser gestellt. Drücken Sie die Schaltfläche, um neu zu fragen.',
  'touchstone.issuer_unreachable':
    'Der Aussteller des Nachweises ist nicht erreichbar. Es wurde nichts geteilt. Versuchen Sie es gleich noch einmal.',
  'touchstone.busy': 'Gerade fragen viele zugleich. Versuchen Sie es gleich noch einmal.',
  'touchstone.store_unavailable': 'Auf dieser Website ist etwas schiefgegangen. Versuchen Sie es gleich noch einmal.',
  'touchstone.internal_error': 'Auf dieser Website ist etwas schiefgegangen. Versuchen Sie es gleich noch einmal.',
  'touchstone.result_already_read':
    'Diese Antwort wurde schon verwendet. Drücken Sie die Schaltfläche, um neu zu beginnen.',
  'touchstone.result_unknown': 'Die Antwort ist abgelaufen. Drücken Sie die Schaltfläche, um neu zu beginnen.',
  'touchstone.result_wrong_browser':
    'Die Antwort kam aus einem anderen Browser als die Frage und gilt hier deshalb nicht.',
  'touchstone.device_unknown':
    'Dieses Konto wird mit einem anderen Sicherheitsschlüssel benutzt. Nehmen Sie den, mit dem Sie sich zuvor angemeldet haben.',
  'touchstone.nullifier_used': 'Sie haben das hier schon getan, und es geht nur einmal.',
  'touchstone.query_unanswered':
    'Die Wallet hat etwas anderes beantwortet, als gefragt war. Drücken Sie die Schaltfläche, um neu zu fragen.',
  'touchstone.unknown':
    'Das hat nicht geklappt ({code}). Drücken Sie die Schaltfläche, um es noch einmal zu versuchen.',
}
