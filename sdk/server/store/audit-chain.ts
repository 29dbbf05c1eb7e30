import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { toBase64url } from '../../../src/protocol/bytes.ts'
import type { AuditRow, Tables } from './tables.ts'

/** Where a log begins: before its first row there is nothing. */
export const GENESIS: Link = { seq: 0, hash: new Uint8Array(32) }

/** A place in the log: the number of a row and its hash. */
export type Link = { readonly seq: number; readonly hash: Uint8Array }

const ROW_TAG = 'touchstone/v1/audit-row'
const HEAD_TAG = 'touchstone/v1/audit-head'
const BASE_TAG = 'touchstone/v1/audit-base'

/**
 * HMAC-SHA-256(key, tag ‖ 0x00 ‖ prev ‖ canonical row). The canonical row is the JSON array of its columns in the order
 * below, bytes in base64url: JSON of numbers, strings and null has one form here, and its ends are unmistakable.
 */
export function hashRow(key: Uint8Array, prev: Uint8Array, row: AuditRow): Uint8Array {
  const { seq, at, event, request_name, code, name_hmac, detail } = row
  const canonical = JSON.stringify([seq, at, event, request_name, code, name_hmac && toBase64url(name_hmac), detail])
  return new Uint8Array(startHmac(key).update(`${ROW_TAG}\0`).update(prev).update(canonical).digest())
}

/** Chains rows to a link: each gets its number, the hash before and its own. The last link comes back with them. */
export function chainRows(
  key: Uint8Array,
  from: Link,
  rows: readonly Omit<AuditRow, 'seq'>[],
): { readonly rows: readonly Tables['audit'][]; readonly head: Link } {
  let head = from
  const chained = rows.map((row) => {
    const numbered = { ...row, seq: head.seq + 1 }
    const prev = head.hash
    head = { seq: numbered.seq, hash: hashRow(key, prev, numbered) }
    return { ...numbered, prev, hash: head.hash }
  })
  return { rows: chained, head }
}

/** Vouches that the log ended, or begins, at a link: without the key, neither end can be moved to another row. */
export function sealLink(key: Uint8Array, end: 'head' | 'base', { seq, hash }: Link): Uint8Array {
  const tag = end === 'head' ? HEAD_TAG : BASE_TAG
  return new Uint8Array(startHmac(key).update(`${tag}\0${seq}\0`).update(hash).digest())
}

/** Whether who has the key has written an end of the log as it stands there. */
export function isSealed(key: Uint8Array, end: 'head' | 'base', row: Tables['audit_head']): boolean {
  return end === 'head'
    ? equalBytes(row.mac, sealLink(key, 'head', row))
    : equalBytes(row.base_mac, sealLink(key, 'base', { seq: row.base_seq, hash: row.base_hash }))
}

const KEYS = new WeakMap<Uint8Array, KeyObject>()

/** Each call with bare bytes would make a key of them anew, which takes several times as long as the HMAC itself. */
function startHmac(key: Uint8Array) {
  const made = KEYS.get(key) ?? createSecretKey(key)
  KEYS.set(key, made)
  return createHmac('sha256', made)
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
