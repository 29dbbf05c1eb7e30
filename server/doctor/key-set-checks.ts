import { parseWalletMetadata, WALLET_METADATA_PATH } from '../../src/protocol/wallet-metadata.ts'
import { fetchBy } from './ask.ts'
import { type Finding, fail, notLookedAt, ok, warn, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

/** Every file of every key set is held against its manifest, and who made it is told. */
export async function checkKeySets(patient: Patient): Promise<readonly Finding[]> {
  const { values, mode } = patient
  if (!values.TOUCHSTONE_WALLET_ORIGIN) return [notLookedAt()]
  if (!values.TOUCHSTONE_KEY_SETS && mode === 'production') {
    return [fail('no key set is named', 'name in TOUCHSTONE_KEY_SETS the one that the wallet was built for')]
  }
  try {
    return (await patient.keySets()).map(({ hash, origin }) => judgeOrigin(patient, hash, origin))
  } catch (error) {
    return [fail(wordsOf(error), 'name folders or hashes of whole key sets in TOUCHSTONE_KEY_SETS')]
  }
}

function judgeOrigin({ mode }: Patient, hash: string, origin: string): Finding {
  const found = `${hash}, of origin ${origin}`
  if (origin !== 'development') return ok(found)
  const advice = 'anyone can forge under development keys: name a key set that was made in earnest'
  return mode === 'production' ? fail(found, advice) : warn(found, advice)
}

/** A site asks for its first key set; a wallet that does not pin it answers nothing. */
export async function checkWalletKeySets(patient: Patient): Promise<Finding> {
  const { values, ask } = patient
  const { TOUCHSTONE_WALLET_ORIGIN: wallet } = values
  if (!wallet) return notLookedAt()
  const [first] = await patient.keySets().catch(() => [])
  if (!first) return notLookedAt()
  const url = wallet + WALLET_METADATA_PATH
  let keySets: readonly string[]
  try {
    const response = await fetchBy(ask)(url, { signal: AbortSignal.timeout(5_000) })
    keySets = parseWalletMetadata(await response.json()).keySets
  } catch (error) {
    return warn(
      `${url} does not say which the wallet pins: ${wordsOf(error)}`,
      'see that the wallet is up and that TOUCHSTONE_WALLET_ORIGIN is its origin',
    )
  }
  if (keySets.includes(first.hash)) return ok(`the wallet pins ${first.hash} too`)
  return fail(
    `the wallet pins ${keySets.join(', ')}, and this service asks for ${first.hash}`,
    'if you trust the wallet’s, name it first in TOUCHSTONE_KEY_SETS and keep the other behind it for a while',
  )
}
