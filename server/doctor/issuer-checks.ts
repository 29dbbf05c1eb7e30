import { fetchIssuer } from '../../sdk/server/issuer-directory.ts'
import { parsePublished } from '../../sdk/server/published-issuer.ts'
import { dayOf } from '../../src/protocol/day.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { itemsOf, statusAgeOf } from '../../src/protocol/query.ts'
import { fetchBy } from './ask.ts'
import { type Finding, fail, notLookedAt, ok, warn, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

/** Each issuer that the requests name: what it publishes, and whether its status list is young enough for them. */
export async function checkIssuers(patient: Patient): Promise<readonly Finding[]> {
  const ages = requiredAges(patient)
  if (!ages) return [notLookedAt()]
  if (ages.size === 0) return [ok('no request names one')]
  return Promise.all([...ages].map(([issuer, seconds]) => checkIssuer(patient, issuer, seconds)))
}

async function checkIssuer({ ask, now }: Patient, issuer: Origin, maxAge: number): Promise<Finding> {
  try {
    const { history } = await parsePublished(await fetchIssuer(fetchBy(ask))(issuer), issuer)
    const [newest] = history
    if (!newest) return fail(`${issuer} publishes no status list`, 'tell its operator')
    const age = Math.floor(now() / 1000) - newest.publishedAt
    const found = `${issuer}: status list of ${wordsOfAge(age)} ago, ${wordsOfAge(maxAge)} are allowed`
    if (age > maxAge) {
      return fail(found, 'nobody’s proof is accepted until it publishes again: tell its operator')
    }
    return age > maxAge / 2
      ? warn(found, 'it publishes too seldom for notRevokedWithin: ask its operator, or allow more')
      : ok(found)
  } catch (error) {
    return fail(`${issuer}: ${wordsOf(error)}`, 'what asks for its credentials cannot be answered: tell its operator')
  }
}

/** The least that a request allows for each issuer, in seconds. */
function requiredAges({ config, now }: Patient): ReadonlyMap<Origin, number> | undefined {
  if (!config) return undefined
  const ages = new Map<Origin, number>()
  const today = dayOf(new Date(now()))
  for (const item of [...config.requests.values()].flatMap(({ query }) => itemsOf(query(today)))) {
    if (item.type === 'login') continue
    for (const issuer of item.issuers) ages.set(issuer, Math.min(ages.get(issuer) ?? Infinity, statusAgeOf(item)))
  }
  return ages
}

function wordsOfAge(seconds: number): string {
  const rounded = Math.max(0, seconds)
  if (rounded < 120) return `${rounded} s`
  return rounded < 7_200 ? `${Math.round(rounded / 60)} min` : `${Math.round(rounded / 3_600)} h`
}
