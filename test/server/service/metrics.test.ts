import { expect, it } from 'vitest'
import { createMetrics } from '../../../server/service/metrics.ts'

it('counts events by kind, request and code, and times presentations', async () => {
  const metrics = createMetrics(() => ({ waiting: 3, streams: 2 }))
  metrics.onEvent({ type: 'session_created', request: 'signIn' })
  metrics.onEvent({ type: 'accepted', request: 'signIn', milliseconds: 12 })
  metrics.onEvent({ type: 'refused', request: 'signIn', code: 'proof_invalid', milliseconds: 4 })
  metrics.onEvent({ type: 'overloaded', retryAfterSeconds: 1 })
  metrics.onFault()
  const text = await metrics.text()
  for (const line of [
    'touchstone_events_total{event="session_created",request="signIn",code=""} 1',
    'touchstone_events_total{event="refused",request="signIn",code="proof_invalid"} 1',
    'touchstone_events_total{event="overloaded",request="",code=""} 1',
    'touchstone_presentation_seconds_count{outcome="accepted"} 1',
    'touchstone_presentation_seconds_sum{outcome="refused"} 0.004',
    'touchstone_presentations_waiting 3',
    'touchstone_event_streams 2',
    'touchstone_faults_total 1',
  ]) {
    expect(text).toContain(line)
  }
})
