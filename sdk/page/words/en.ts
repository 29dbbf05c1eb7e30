/**
 * What a person is told, in English: what happened, and what to do. "Nothing was shared" only where the site can know it:
 * a wallet that fell silent may have sent its answer before.
 */
export const ENGLISH = {
  'touchstone.button.label': 'Sign in with Touchstone',
  'touchstone.button.awaiting_wallet': 'Opening your wallet',
  'touchstone.button.awaiting_key': 'Waiting for your key',
  'touchstone.button.proving': 'Your wallet is working',
  'touchstone.button.verifying': 'Checking the answer',
  'touchstone.button.done': 'Done',
  'touchstone.button.show': 'Press to see the window again',
  'touchstone.button.cancel': 'Cancel',

  'touchstone.wallet_closed':
    'The wallet was closed before it answered, so nothing has changed here. Press the button to try again.',
  'touchstone.declined': 'The wallet gave no answer. Press the button to try again.',
  'touchstone.site_unreachable': 'This site’s server does not answer. Try again in a moment.',
  'touchstone.session_expired': 'That took too long, and the question has expired. Press the button to ask again.',
  'touchstone.session_cancelled': 'The question was withdrawn. Press the button to ask again.',
  'touchstone.session_unknown': 'The question was asked in another browser. Press the button to ask again.',
  'touchstone.issuer_unreachable':
    'The issuer of the credential cannot be reached. Nothing was shared. Try again in a moment.',
  'touchstone.busy': 'Many people ask at once. Try again in a moment.',
  'touchstone.store_unavailable': 'Something broke at this site. Try again in a moment.',
  'touchstone.internal_error': 'Something broke at this site. Try again in a moment.',
  'touchstone.result_already_read': 'This answer was used before. Press the button to begin anew.',
  'touchstone.result_unknown': 'The answer has expired. Press the button to begin anew.',
  'touchstone.result_wrong_browser':
    'The answer came from another browser than the one that asked, so it does not count here.',
  'touchstone.device_unknown': 'This account is used with another security key. Use the key you signed in with before.',
  'touchstone.nullifier_used': 'You have done this here before, and it can be done once.',
  'touchstone.query_unanswered': 'The wallet answered something else than was asked. Press the button to ask again.',
  /** For every code without words of its own: it is shown as it is, for whoever is asked about it. */
  'touchstone.unknown': 'That did not work ({code}). Press the button to try again.',
} as const
