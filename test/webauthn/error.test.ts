import { expect, it } from 'vitest'
import { toWebAuthnError, WebAuthnError } from '../../src/webauthn/error.ts'

it.each([
  ['NotAllowedError', 'user_cancelled'],
  ['AbortError', 'user_cancelled'],
  ['ConstraintError', 'uv_missing'],
  ['InvalidStateError', 'authenticator_invalid_state'],
  ['NotSupportedError', 'algorithm_unsupported'],
  ['SecurityError', 'webauthn_unavailable'],
  ['UnknownError', 'ceremony_failed'],
  ['TypeError', 'ceremony_failed'],
])('%s is %s', (name, code) => {
  const cause = new DOMException('text of the browser', name)
  const error = toWebAuthnError(cause)
  expect(error).toBeInstanceOf(WebAuthnError)
  expect(error).toMatchObject({ code, cause })
  expect(error.message).not.toContain('text of the browser')
})

it('keeps an error that has its name', () => {
  const error = new WebAuthnError('prf_unsupported', 'none')
  expect(toWebAuthnError(error)).toBe(error)
})

it('names what is no error at all', () => {
  expect(toWebAuthnError('thrown text')).toMatchObject({ code: 'ceremony_failed' })
})
