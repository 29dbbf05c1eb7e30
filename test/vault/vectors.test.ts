import { createHmac } from 'node:crypto'
import { hexToBytes } from '@noble/hashes/utils.js'
import { Decrypter } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { fromBase64url, toBase64url } from '../../src/protocol/bytes.ts'
import { canonicalJson } from '../../src/protocol/digest.ts'
import { deriveFileMacKey, deriveHolderSecret, deriveRecordKey, toMasterSecret } from '../../src/vault/derive.ts'
import { enrol, unlockByPrf } from '../../src/vault/enrolment.ts'
import { tagMaster, wrapOfPrf } from '../../src/vault/prf-wrap.ts'
import { openRecord, RECORD_VERSION } from '../../src/vault/records.ts'
import { signVaultFile } from '../../src/vault/vault-file.ts'
import vectors from '../vectors/vault.json' with { type: 'json' }
import { authenticator, prfKeyOf } from './fixtures.ts'

const bytes = (hex: string) => new Uint8Array(hexToBytes(hex))

describe.each(vectors.enrolments)('enrolment $recipient', (vector) => {
  const prfKey = () => prfKeyOf(bytes(vector.prfFirst), bytes(vector.prfSecond))
  const prfSalts = { first: bytes(vector.saltFirst), second: bytes(vector.saltSecond) }
  const master = () => toMasterSecret(bytes(vector.master))

  it('derives identity, recipient, key check and mark', async () => {
    const { tagKey, ...wrap } = await wrapOfPrf(await prfKey(), prfSalts)
    const { identity, recipient } = vector
    expect(wrap).toEqual({ identity, recipient, keyCheck: bytes(vector.keyCheck) })
    expect(await tagMaster(tagKey, master())).toEqual(bytes(vector.masterTag))
  })
  it('derives the holder secret', async () => {
    expect(await deriveHolderSecret(master())).toBe(BigInt(vector.holderSecret))
  })
  it('derives the key of the file’s MAC', async () => {
    const enrolment = await enrol(master(), authenticator('AAAA', { prfSalts }), await prfKey(), 0)
    const file = await signVaultFile(await deriveFileMacKey(master()), [enrolment], new Uint8Array(3))
    const { mac, ...unsigned } = file
    const expected = createHmac('sha256', bytes(vector.fileMacKey)).update(canonicalJson(unsigned)).digest()
    expect(mac).toBe(toBase64url(expected))
  })
  it('opens a file sealed to its recipient, as age itself does', async () => {
    const sealed = fromBase64url(vector.sealed)
    const enrolment = await enrol(master(), authenticator('AAAA', { prfSalts }), await prfKey(), 0)
    expect(await unlockByPrf(enrolment, await prfKey(), sealed)).toEqual(master())
    const decrypter = new Decrypter()
    decrypter.addIdentity(vector.identity)
    expect(new Uint8Array(await decrypter.decrypt(sealed))).toEqual(master())
  })
})

it('opens a record sealed under a derived key', async () => {
  const { collection, id, iv, ciphertext, master, value } = vectors.record
  if (collection !== 'credentials') throw new Error(`no collection ${collection}`)
  const key = await deriveRecordKey(toMasterSecret(bytes(master)))
  const record = { collection, id, version: RECORD_VERSION, iv: bytes(iv), ciphertext: bytes(ciphertext) } as const
  expect(await openRecord(key, { collection, id }, record)).toEqual(value)
})
