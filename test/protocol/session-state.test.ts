import { expect, test } from 'vitest'
import {
  isFinalState,
  parseStateReport,
  REPORTED_STATES,
  SESSION_STATES,
  statesBefore,
} from '../../src/protocol/session-state.ts'
import { codeOf } from '../expect-code.ts'

test('a session goes forward only, and out of an end nowhere', () => {
  expect(Object.fromEntries(SESSION_STATES.map((state) => [state, statesBefore(state)]))).toEqual({
    INITIALIZED: [],
    PAIRING: ['INITIALIZED'],
    CONNECTED: ['INITIALIZED', 'PAIRING'],
    PROVING: ['INITIALIZED', 'PAIRING', 'CONNECTED'],
    DONE: ['INITIALIZED', 'PAIRING', 'CONNECTED', 'PROVING'],
    CANCELLED: ['INITIALIZED', 'PAIRING', 'CONNECTED', 'PROVING'],
    TIMEOUT: ['INITIALIZED', 'PAIRING', 'CONNECTED', 'PROVING'],
  })
  expect(SESSION_STATES.filter(isFinalState)).toEqual(['DONE', 'CANCELLED', 'TIMEOUT'])
})

test('a wallet reports two states and says nothing else', () => {
  for (const state of REPORTED_STATES) expect(parseStateReport({ state })).toEqual({ state })
  for (const report of [
    ...SESSION_STATES.filter((state) => !REPORTED_STATES.some((reported) => reported === state)).map((state) => ({
      state,
    })),
    { state: 'CONNECTED', satisfiable: true },
    { state: 'connected' },
    {},
    null,
    'CONNECTED',
  ]) {
    expect(codeOf(() => parseStateReport(report))).toBe('message_invalid')
  }
})
