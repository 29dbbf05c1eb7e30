import { z } from 'zod'
import { ProtocolError } from './error.ts'
import { FIELD_BYTES, type FieldElement, parseField } from './field.ts'
import { type Origin, parseOrigin } from './origin.ts'

// The wallet's CSP forbids eval; without this zod would try to compile its parsers.
z.config({ jitless: true })

/**
 * Parses untrusted input by a zod shape; throws a {@link ProtocolError} with `code`. The message names the path and
 * the rule, never the value.
 */
export function parse<T extends z.ZodType>(shape: T, value: unknown, code: string): z.infer<T> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new ProtocolError(code, `${issue?.path.join('.') || 'value'}: ${issue?.code ?? 'invalid'}`)
}

/** Base64url text of exactly `bytes` bytes. */
export function base64urlOf(bytes: number) {
  const length = Math.ceil((bytes * 8) / 6)
  return z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${length}}$`))
}

/** The text form of a field element, decoded. */
export const fieldShape = base64urlOf(FIELD_BYTES).transform((text, context): FieldElement => {
  try {
    return parseField(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'not a canonical field element' })
    return z.NEVER
  }
})

/** The text form of an origin, as {@link parseOrigin} takes it. */
export const originShape = z
  .string()
  .max(256)
  .transform((text, context): Origin => {
    try {
      return parseOrigin(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not a web origin' })
      return z.NEVER
    }
  })

/** Controls, formatting characters (bidirectional ones among them), line separators, lone surrogates. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/**
 * Text that one party writes and another's pages show, 1 to `length` UTF-16 units: nothing in it can reorder, hide or
 * break the words around it.
 */
export function shownText(length: number) {
  return z
    .string()
    .min(1)
    .max(length)
    .refine((text) => !UNSHOWABLE.test(text), 'has characters that are not shown')
}

/** Opaque names made by a server: session and offer identifiers. */
export const identifierShape = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)

/** UTC day number, see day.ts. */
export const dayShape = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)

/** Unix seconds. */
export const secondsShape = z
  .int()
  .min(0)
  .max(2 ** 40)
