import { statSync } from 'node:fs'
import { type KeyRing, parseKeyRing, readKeyRing } from '../../sdk/server/signing-key-file.ts'
import { type Finding, fail, notLookedAt, ok, warn, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

const DAY_MS = 86_400_000
const OLD_DAYS = 400
/** Eight may be published; a rotation needs a place. */
const MANY_KEYS = 6

/** The file's permissions, and that what it holds can be used. */
export async function checkSigningKey({ place }: Patient): Promise<Finding> {
  if (!place) return notLookedAt()
  const { signingKey } = place
  try {
    const ring = readRing(signingKey)
    if (ring) return ok('json' in signingKey ? 'given by the environment' : `${signingKey.path}, for its owner alone`)
    return warn('there is none yet', 'the first start makes one; with several processes, give all of them the same')
  } catch (error) {
    return fail(wordsOf(error), 'give the file to the service’s user, mode 600, as "touchstone keys make" writes it')
  }
}

/** How old the newest key is, and how many there are. */
export async function checkKeyAge({ place, now }: Patient): Promise<Finding> {
  const ring = place && ringOf(place.signingKey)
  const [newest] = ring?.keys ?? []
  if (!place || !ring || !newest) return notLookedAt()
  const count = ring.keys.length === 1 ? '1 key' : `${ring.keys.length} keys`
  if (ring.keys.length >= MANY_KEYS) {
    return warn(count, 'eight may be published: wait some minutes between rotations, and the old ones are dropped')
  }
  const made = madeAt(place.signingKey, newest.signsFrom)
  if (made === undefined) return ok(`${count}; when it was made is not known`)
  const days = Math.floor((now() - made) / DAY_MS)
  const found = `${count}, the newest ${days === 1 ? '1 day' : `${Math.max(days, 0)} days`} old`
  return days > OLD_DAYS ? warn(found, 'put a new one in its place: touchstone keys rotate') : ok(found)
}

/** From the secret, codes, the audit log and names under HMAC get their keys. */
export async function checkKeySecret({ place }: Patient): Promise<Finding> {
  const ring = place && ringOf(place.signingKey)
  if (!ring) return notLookedAt()
  if (new Set(ring.secret).size < 8) {
    return fail('the secret is no random one', 'make a new file: touchstone keys make signing-key')
  }
  const secret = Buffer.from(ring.secret).toString('base64url')
  if (ring.keys.some(({ jwk }) => jwk.d === secret)) {
    return warn(
      'the secret is the private half of a signing key, as earlier versions had it',
      'rotate the key: then who has an old one of it has no longer the key that signs',
    )
  }
  return ok('32 bytes of its own')
}

type Place = NonNullable<Patient['place']>['signingKey']

function readRing(signingKey: Place): KeyRing | undefined {
  return 'json' in signingKey ? parseKeyRing(signingKey.json, 'TOUCHSTONE_SIGNING_KEY') : readKeyRing(signingKey.path)
}

/** Undefined also where it cannot be used: the first check says so. */
function ringOf(signingKey: Place): KeyRing | undefined {
  try {
    return readRing(signingKey)
  } catch {
    return undefined
  }
}

/** A ring's first key signs from the beginning; its file is then as old as it. Milliseconds. */
function madeAt(signingKey: Place, signsFrom: number): number | undefined {
  if (signsFrom > 0) return signsFrom * 1000
  return 'path' in signingKey ? statSync(signingKey.path).mtimeMs : undefined
}
