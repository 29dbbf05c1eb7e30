import { type Environment, inspectConfiguration } from '../service/configuration.ts'

const HIDDEN = '[secret]'
/** What is shorter would make nonsense of every sentence. */
const MIN_CHARACTERS = 4

/** A function that takes the secrets of an environment out of a text: drivers' messages are not ours. */
export function hidingSecrets(environment: Environment): (text: string) => string {
  const { values } = inspectConfiguration(environment)
  const database = values.TOUCHSTONE_DATABASE
  const urls = [database && 'url' in database ? database.url : undefined, values.TOUCHSTONE_REDIS]
  const secrets = [
    ...(values.TOUCHSTONE_API_KEYS ?? []),
    values.TOUCHSTONE_SIGNING_KEY,
    ...privateParts(values.TOUCHSTONE_SIGNING_KEY),
    ...urls.flatMap((url) => (url === undefined ? [] : [url, new URL(url).password, passwordOf(url)])),
  ].filter((secret) => secret !== undefined && secret.length >= MIN_CHARACTERS)
  return (text) => secrets.reduce<string>((rest, secret) => rest.replaceAll(secret ?? '', HIDDEN), text)
}

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password)
}

/** Everything in the key's JSON that a message could quote by itself. */
function privateParts(json: string | undefined): string[] {
  return json === undefined ? [] : [...json.matchAll(/"(?:d|secret)"\s*:\s*"([^"]+)"/g)].map(([, part = '']) => part)
}
