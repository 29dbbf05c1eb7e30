import { createHash, randomBytes } from 'node:crypto'
import { createTestWallet, type TestPerson, type TestWallet } from '../../sdk/testing.ts'
import { serializePresentation } from '../../src/protocol/presentation.ts'
import { atMost } from '../bar.ts'
import { startPostgres } from '../postgres.ts'
import type { AttackPart } from './part.ts'
import { formsOf, isIn, readFolder, readPostgres } from './privacy/records.ts'
import { compareSignalSets } from './privacy/signal-sets.ts'
import { type LoneSite, startLoneSite } from './site/lone-site.ts'

/** Each comes to both sites once. */
const PEOPLE = { quick: 6, short: 100, long: 1_000 }
const HOLDERS = { quick: 400, short: 10_000, long: 40_000 }

/** People who visit both sites at the same time. */
const AT_ONCE = 10

/** What two presentations may have in common: what is asked, by what rules, and of whose status lists. */
const COMMON = ['version', 'keySet', 'epochs', 'circuit', 'item', 'part']

/** A whole visit, as the site has it. */
type Visit = {
  readonly person: number
  readonly site: string
  readonly body: string
  readonly code: string
  readonly cookie: string
}

/**
 * What two sites have of the same people, on SQLite and on PostgreSQL, put together; and what is left of the people's
 * secrets in what the sites wrote down. The proofs are simulated, over the signals that real ones would have.
 */
export const privacy: AttackPart = async ({ form, progress }) => {
  const wallet = await createTestWallet()
  const cluster = await startPostgres({ report: progress })
  const targets: LoneSite[] = []
  try {
    const sites = [
      await startLoneSite(wallet),
      await startLoneSite(wallet, { name: 'forum', store: { url: cluster.url } }),
    ]
    targets.push(...sites)
    const people = Array.from({ length: PEOPLE[form] }, () => makeMarked(wallet))
    const visits: Visit[] = []
    for (let from = 0; from < people.length; from += AT_ONCE) {
      const some = people.slice(from, from + AT_ONCE).entries()
      const made = [...some].flatMap(([index, person]) =>
        sites.map((site) => visit(wallet, site, { person, number: from + index })),
      )
      visits.push(...(await Promise.all(made)))
      progress(`${visits.length} presentations`)
    }
    const records = [...sites.map(({ folder }) => readFolder(folder)), await readPostgres(cluster.url)]
    const logs = sites.map((site) => Buffer.from(site.printed() + site.faults.join('\n')))
    const leaked = people.flatMap((person) =>
      secretsOf(person).filter(({ forms }) => isIn([...records, ...logs], forms)),
    )
    const bearers = visits.filter(({ code, cookie }) =>
      isIn(
        [...records, ...logs],
        [code, cookie].map((text) => Buffer.from(text)),
      ),
    )
    checkReading(records, visits)
    const told = people.filter((person) =>
      visits.some(({ body }) => secretsOf(person).some(({ forms }) => isIn([Buffer.from(body)], forms))),
    )

    const transcripts = countShared(visits)
    const sizes = new Set(visits.map(({ body }) => body.length)).size
    progress(`${HOLDERS[form]} signal sets …`)
    const sets = await compareSignalSets(HOLDERS[form])
    const missing = sets.expected - sets.distinct
    return {
      bars: [
        atMost(0, {
          name: 'shared values',
          value: transcripts.shared + sets.shared + missing,
          unit: `of ${transcripts.values + sets.distinct}`,
        }),
        atMost(1, { name: 'sizes of a presentation', value: sizes, unit: 'sizes' }),
        atMost(0, {
          name: 'secrets found',
          value: leaked.length + bearers.length + told.length,
          unit: `in ${records.length} records, ${logs.length} logs and ${visits.length} messages`,
        }),
      ],
      lines: [
        `${visits.length} whole presentations at two sites, proofs simulated: ${transcripts.values} values`,
        `${sets.visits} visits of ${HOLDERS[form]} holders to two parties: ${sets.distinct} values of public signals`,
        ...transcripts.found.slice(0, 10),
        ...leaked.slice(0, 10).map(({ name }) => `written down: ${name}`),
        ...sites.flatMap(({ faults }) => faults),
      ],
    }
  } finally {
    for (const target of targets) await target.stop()
    await cluster.stop()
  }
}

/** Somebody whose every secret is found again wherever it turns up. */
function makeMarked(wallet: TestWallet): TestPerson {
  const mark = () => `canary-${randomBytes(12).toString('hex')}`
  return wallet.newPerson({
    claims: { givenName: mark(), familyName: mark(), documentNumber: mark(), birthPlace: mark() },
  })
}

function secretsOf({ holderSecret, deviceKey, held }: TestPerson): { name: string; forms: Buffer[] }[] {
  const { holderBlinding, deviceKeysSalt, credential } = held
  const { holderCommitment, deviceKeysCommitment, signature, claims } = credential
  const numbers = {
    holderSecret,
    deviceKey,
    holderBlinding,
    deviceKeysSalt,
    holderCommitment,
    deviceKeysCommitment,
    signature: signature.s,
  }
  return [
    ...Object.entries(numbers).map(([name, value]) => ({ name, forms: formsOf(value) })),
    ...Object.entries(claims)
      .filter(([, value]) => String(value).startsWith('canary-'))
      .map(([name, value]) => ({ name, forms: [Buffer.from(String(value))] })),
  ]
}

/** Session, presentation, result: the site reads it, so that all of its tables are written. */
async function visit(
  wallet: TestWallet,
  site: LoneSite,
  { person, number }: { person: TestPerson; number: number },
): Promise<Visit> {
  const session = await wallet.open(site, 'both')
  const body = JSON.stringify(serializePresentation(await wallet.present(session, { person })))
  const headers = { origin: wallet.options.walletOrigin, 'content-type': 'application/json' }
  const sent = await site.post({ path: `/touchstone/sessions/${session.session}/presentation`, headers, body })
  if (sent.status !== 200) throw new Error(`an honest presentation was answered by ${sent.status} ${sent.body}`)
  const { code }: { code: string } = JSON.parse(sent.body)
  const own = { origin: site.origin, 'content-type': 'application/json', cookie: session.cookie }
  const read = await site.post({ path: '/touchstone/result', headers: own, body: JSON.stringify({ code }) })
  if (read.status !== 200) throw new Error(`a result was answered by ${read.status} ${read.body}`)
  return { person: number, site: site.origin, body, code, cookie: session.cookie.replace(/^[^=]*=/, '') }
}

/** That what is not found would be: the sites keep sessions by their names, and browsers by a hash of their cookie. */
function checkReading(
  [sqlite = Buffer.of(), , postgres = Buffer.of()]: readonly Buffer[],
  [first, second]: readonly Visit[],
): void {
  const hashOf = (visit: Visit | undefined) =>
    createHash('sha256')
      .update(visit?.cookie ?? '')
      .digest()
  const isRead = sqlite.includes(hashOf(first)) && postgres.includes(hashOf(second).toString('hex'))
  if (!isRead) throw new Error('what the sites wrote down could not be read: nothing would be found in it')
}

/** Values that stand in two visits; a proof counts by each 32 bytes. */
function countShared(visits: readonly Visit[]): { shared: number; values: number; found: string[] } {
  const ownerOf = new Map<string, number>()
  const found: string[] = []
  for (const [index, { body, code, cookie }] of visits.entries()) {
    for (const [name, value] of [...valuesOf(JSON.parse(body)), ['code', code] as const, ['cookie', cookie] as const]) {
      const owner = ownerOf.get(value)
      if (owner !== undefined && owner !== index) found.push(`${name} of visit ${index} is in visit ${owner}`)
      ownerOf.set(value, index)
    }
  }
  return { shared: found.length, values: ownerOf.size, found }
}

function valuesOf(value: unknown, name = ''): (readonly [string, string])[] {
  if (COMMON.includes(name)) return []
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([member, each]) => valuesOf(each, Array.isArray(value) ? name : member))
  }
  const text = String(value)
  if (name !== 'proof') return [[name, text]]
  const bytes = Buffer.from(text, 'base64url')
  return [0, 32, 64, 96].map((offset) => [name, bytes.subarray(offset, offset + 32).toString('hex')])
}
