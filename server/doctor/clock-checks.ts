import { examineDatabase } from '../../sdk/server/store/examine-database.ts'
import { type Finding, fail, notLookedAt, ok, warn, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

const WARN_SECONDS = 10
/** Beyond it what others sign is from the future, or too old (CLOCK_TOLERANCE). */
const FAIL_SECONDS = 60

/** Against the database's: several processes agree on times by theirs, and it dates the rows of others. */
export async function checkDatabaseClock({ place, now }: Patient): Promise<Finding> {
  if (!place) return notLookedAt()
  if ('path' in place.store) return ok('a file has the clock of this machine')
  try {
    const { clockAhead } = await examineDatabase(place.store)
    // `now` is another clock than the process's in tests alone.
    return judge(clockAhead - (now() - Date.now()), 'the database’s')
  } catch {
    return warn('the database does not answer', 'see the check "database"')
  }
}

/** Against the Date header of whoever answers at the public origin. It has whole seconds. */
export async function checkPublicClock({ home, values, now }: Patient): Promise<Finding> {
  if (!values.TOUCHSTONE_ORIGIN) return notLookedAt()
  try {
    const { headers, at } = await home()
    const date = Date.parse(headers.date ?? '')
    if (Number.isNaN(date)) return warn('the public origin sends no Date header', 'compare the clock in another way')
    return judge(date + 500 - at - (now() - Date.now()), 'the public origin’s')
  } catch (error) {
    return warn(`the public origin does not answer: ${wordsOf(error)}`, 'compare the clock in another way')
  }
}

function judge(millisecondsAhead: number, whose: string): Finding {
  const seconds = Math.round(Math.abs(millisecondsAhead) / 1000)
  const found = `${seconds} s ${millisecondsAhead > 0 ? 'behind' : 'ahead of'} ${whose}`
  const advice = 'keep the clocks of both by NTP (chrony, systemd-timesyncd)'
  if (seconds > FAIL_SECONDS) return fail(found, advice)
  return seconds > WARN_SECONDS ? warn(found, advice) : ok(seconds === 0 ? `the same as ${whose}` : found)
}
