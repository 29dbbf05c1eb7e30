import { createHmac } from 'node:crypto'
import type { Claims } from '../../src/protocol/claim.ts'
import { encodeField, type FieldElement, fieldToBytes } from '../../src/protocol/field.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { pseudonymOf } from '../../src/protocol/pseudonym.ts'
import type { VerifiedAnswer } from '../../src/verifier/verified-answer.ts'

/** A person's name at this site. */
export type Name = {
  /** 43 characters of base64url: what accounts are kept by. */
  readonly nullifier: string
  /** The same in words, such as `blue-otter-27`: for eyes only, two people may share it. */
  readonly pseudonym: string
}

export type ResultAnswer =
  | ({ readonly type: 'login' } & Name)
  | ({
      readonly type: 'credential' | 'action' | 'vote'
      /** The issuers that were accepted. One of them issued the credential; which one is not told. */
      readonly issuers: readonly Origin[]
      /** Hash of the credential's schema. */
      readonly schema: string
      readonly disclosed: Claims
    } & Name)

/** What a presentation has proved, as a site's server reads it. */
export type VerifiedResult = {
  /** The id of the session that was answered, as `createSession` gave it. */
  readonly session: string
  /** The name of the request that was answered. */
  readonly request: string
  /**
   * Who signed in; absent unless a `login` item was answered. A credential answer carries the same name, but not the
   * check of the authenticator that a sign-in needs.
   */
  readonly login?: Name
  /** By the items' ids. */
  readonly answers: Readonly<Record<string, ResultAnswer>>
}

/** The result as it waits in the store. */
export function encodeResult(answers: readonly VerifiedAnswer[]): string {
  return JSON.stringify(answers.map((answer) => [answer.item, toResultAnswer(answer)]))
}

/** Inverse of {@link encodeResult}; only ever given what that wrote. */
export function decodeResult({
  session,
  request,
  result: text,
}: {
  readonly session: string
  readonly request: string
  readonly result: string
}): VerifiedResult {
  const entries: [string, ResultAnswer][] = JSON.parse(text)
  const answers: Record<string, ResultAnswer> = Object.create(null)
  for (const [item, answer] of entries) answers[item] = answer
  const login = entries.map(([, answer]) => answer).find((answer) => answer.type === 'login')
  if (!login) return { session, request, answers }
  return { session, request, login: { nullifier: login.nullifier, pseudonym: login.pseudonym }, answers }
}

/** HMAC-SHA-256 of the login name for the audit log, if the presentation shows one. */
export function auditNameOf(answers: readonly VerifiedAnswer[], key: Uint8Array): Uint8Array | null {
  const named = answers.find(({ type }) => type === 'login' || type === 'credential')
  return named ? hmacName(named.nullifier, key) : null
}

export function hmacName(nullifier: FieldElement, key: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(fieldToBytes(nullifier)).digest())
}

function toResultAnswer(answer: VerifiedAnswer): ResultAnswer {
  const name = { nullifier: encodeField(answer.nullifier), pseudonym: pseudonymOf(answer.nullifier) }
  if (answer.type === 'login') return { type: 'login', ...name }
  const { type, issuers, schema, disclosed } = answer
  return { type, issuers, schema, disclosed, ...name }
}

/**
 * The login name of whoever made the presentation, from the result as the store has it. Undefined where it shows only
 * names of single acts, which nothing joins to a person.
 */
export function personOf(text: string): string | undefined {
  const entries: [string, ResultAnswer][] = JSON.parse(text)
  return entries.map(([, answer]) => answer).find(({ type }) => type === 'login' || type === 'credential')?.nullifier
}
