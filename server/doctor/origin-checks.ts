import { existsSync } from 'node:fs'
import { loadSigningKey } from '../../sdk/server/signing-key.ts'
import { parseRelyingPartyMetadata, RELYING_PARTY_METADATA_PATH } from '../../src/protocol/relying-party.ts'
import type { Answer } from './ask.ts'
import { type Finding, fail, notLookedAt, ok, warn, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

const DAY_MS = 86_400_000
const CERTIFICATE_DAYS = 14
const HSTS_SECONDS = 15_552_000

/** Whether the site's origin is reached over TLS that a browser would trust, and for how long. */
export async function checkTls(patient: Patient): Promise<Finding> {
  const { values, home, mode, now } = patient
  const { TOUCHSTONE_ORIGIN: origin } = values
  if (!origin) return notLookedAt()
  try {
    const { certificateEnds } = await home()
    if (origin.startsWith('http:')) {
      const found = `${origin} is plain http`
      return mode === 'production' ? fail(found, 'serve the site over https') : ok(`${found}, in development`)
    }
    if (!certificateEnds) return ok('https')
    const days = Math.floor((certificateEnds.getTime() - now()) / DAY_MS)
    const found = `https; the certificate is good for ${days} days`
    return days < CERTIFICATE_DAYS ? warn(found, 'renew it, and see why that is not done by itself') : ok(found)
  } catch (error) {
    return fail(
      `${origin} cannot be asked: ${wordsOf(error)}`,
      'see that the name leads here and that a browser trusts the certificate; run the doctor where it can reach it',
    )
  }
}

export async function checkHsts(patient: Patient): Promise<Finding> {
  if (patient.values.TOUCHSTONE_ORIGIN?.startsWith('http:')) return ok('without https there is none')
  return ofHome(patient, ({ headers }) => {
    const header = headers['strict-transport-security']
    const advice = 'let the site’s proxy send Strict-Transport-Security: max-age=31536000'
    if (header === undefined) return warn('the site’s first page sends no Strict-Transport-Security', advice)
    const age = Number(/max-age="?(\d+)/i.exec(header)?.[1] ?? 0)
    return age < HSTS_SECONDS ? warn(`Strict-Transport-Security: ${header}`, advice) : ok(header)
  })
}

/** `same-origin` cuts the tie between the site's page and the wallet's window: the answer never comes back. */
export async function checkOpenerPolicy(patient: Patient): Promise<Finding> {
  return ofHome(patient, ({ headers }) => {
    const policy = headers['cross-origin-opener-policy']
    const [value = ''] = [policy].flat()
    if (value.split(';')[0]?.trim() !== 'same-origin') return ok(value || 'none, which is good')
    return fail(
      'the site’s first page sends Cross-Origin-Opener-Policy: same-origin',
      'send same-origin-allow-popups on every page that opens the wallet',
    )
  })
}

/** Whether the proxy sends the well-known address to this service, and not to another or to an older copy. */
export async function checkForwarding(patient: Patient): Promise<Finding> {
  const { values, place, ask } = patient
  const { TOUCHSTONE_ORIGIN: origin } = values
  if (!origin || !place) return notLookedAt()
  const { signingKey } = place
  if ('path' in signingKey && !existsSync(signingKey.path)) return warn('not looked at', 'see the check "signing key"')
  const url = origin + RELYING_PARTY_METADATA_PATH
  const advice = `let the site’s proxy send ${RELYING_PARTY_METADATA_PATH} and /touchstone/* to the service, uncached`
  try {
    const own = (await loadSigningKey(signingKey, { clock: () => new Date() })).publicJwks()
    const { status, body } = await ask(url)
    if (status !== 200) return fail(`${url} answered ${status}`, advice)
    const { keys } = parseRelyingPartyMetadata(JSON.parse(body.toString()), origin)
    const kidsOf = (list: readonly { kid?: string | undefined }[]) => list.map(({ kid }) => kid).join(', ')
    if (kidsOf(keys) === kidsOf(own)) return ok(`${url} has our ${keys.length === 1 ? 'key' : `${keys.length} keys`}`)
    return fail(
      `${url} has ${kidsOf(keys)}, and the signing keys here are ${kidsOf(own)}`,
      'give every process the same signing key; a proxy must not cache the address',
    )
  } catch (error) {
    return fail(`${url}: ${wordsOf(error)}`, advice)
  }
}

const CONFIG_PATH = '/touchstone/config.json'

/** What is under /touchstone/ belongs to one browser's session: no cache between may keep it. */
export async function checkCaching(patient: Patient): Promise<Finding> {
  return ofPath(patient, CONFIG_PATH, {}, ({ status, headers }) => {
    const advice = 'let the proxy forward /touchstone/* as it comes, and cache none of it'
    if (status !== 200) return fail(`${CONFIG_PATH} answered ${status}`, advice)
    const control = headers['cache-control'] ?? 'none'
    if (headers.age !== undefined) return fail(`${CONFIG_PATH} came out of a cache (Age: ${headers.age})`, advice)
    return control.includes('no-store') ? ok('no-store') : fail(`${CONFIG_PATH} has Cache-Control: ${control}`, advice)
  })
}

/** Another site's page must not open sessions here; a proxy that rewrites Origin would let it. */
export async function checkOtherOrigins(patient: Patient): Promise<Finding> {
  const headers = { origin: 'https://doctor.invalid', 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: '{}' }
  return ofPath(patient, '/touchstone/sessions', init, ({ status, body }) => {
    if (status === 403 && body.toString().includes('origin_forbidden')) return ok('refused: origin_forbidden')
    return fail(
      `a request of another origin to /touchstone/sessions was answered ${status}`,
      'let the proxy pass the Origin header on as the browser sent it',
    )
  })
}

/** Metrics and `/v1` are the site's own backend's; strangers need not know that they are there. */
export async function checkAdmin(patient: Patient): Promise<Finding> {
  return ofPath(patient, '/metrics', {}, ({ status, body }) => {
    const text = body.toString()
    if (status === 200 && text.includes('touchstone_')) {
      return fail('everybody can read /metrics', 'let the proxy forward /touchstone/* and the well-known address only')
    }
    if (!text.includes('api_key_missing')) return ok('the proxy keeps them to itself')
    return warn(
      'the proxy forwards them, and the API key protects them',
      'forward /touchstone/* and the well-known only',
    )
  })
}

async function ofHome({ values, home }: Patient, judge: (answer: Answer) => Finding): Promise<Finding> {
  if (!values.TOUCHSTONE_ORIGIN) return notLookedAt()
  try {
    return judge(await home())
  } catch {
    return warn('not looked at', 'see the check "tls"')
  }
}

async function ofPath(
  { values, ask }: Patient,
  path: string,
  init: NonNullable<Parameters<Patient['ask']>[1]>,
  judge: (answer: Answer) => Finding,
): Promise<Finding> {
  if (!values.TOUCHSTONE_ORIGIN) return notLookedAt()
  try {
    return judge(await ask(values.TOUCHSTONE_ORIGIN + path, init))
  } catch {
    return warn('not looked at', 'see the check "tls"')
  }
}
