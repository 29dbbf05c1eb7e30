/**
 * What a visitor is told, by the code of what went wrong: what happened, and what to do. "Nothing was shared" only where
 * the site can know it: a wallet that fell silent may have sent its answer before.
 */
const MESSAGES: Readonly<Record<string, string>> = {
  wallet_closed:
    'The wallet was closed before it answered, so nothing has changed here. Press the button to try again.',
  declined: 'The wallet gave no answer. Press the button to try again.',
  site_unreachable: 'This site’s server does not answer. Try again in a moment.',
  session_expired: 'That took too long, and the question has expired. Press the button to ask again.',
  session_cancelled: 'The question was withdrawn. Press the button to ask again.',
  issuer_unreachable: 'The issuer of the credential cannot be reached. Nothing was shared. Try again in a moment.',
  issuer_unknown: 'The issuer of the credential cannot be reached. Try again in a moment.',
  busy: 'Many people ask at once. Try again in a moment.',
  result_already_read: 'This answer was used before. Press the button to begin anew.',
  result_unknown: 'The answer has expired. Press the button to begin anew.',
  result_wrong_browser: 'The answer came from another browser than the one that asked, so it does not count here.',
  device_unknown: 'This account is used with another security key. Use the key you signed in with before.',
  not_answered: 'The wallet answered something else than was asked. Press the button to ask again.',
}

/** A code without words of its own is shown as it is, for whoever is asked about it. */
export function messageFor(code: string): string {
  return (
    (Object.hasOwn(MESSAGES, code) && MESSAGES[code]) || `That did not work (${code}). Press the button to try again.`
  )
}
