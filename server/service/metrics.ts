import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { VerifierEvent } from '../../sdk/server.ts'

/** Seconds; a presentation takes milliseconds, and at the worst the deadline of its check. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What the service knows of itself at the moment it is asked. */
export type Load = {
  /** Presentations under way or waiting for their check. */
  readonly waiting: number
  /** Open streams of events. */
  readonly streams: number
}

/** Prometheus' metrics of one process. No label holds what a person or a caller chose. */
export type Metrics = {
  readonly onEvent: (event: VerifierEvent) => void
  readonly onAnswer: (answer: { method: string; route: string; status: number; seconds: number }) => void
  readonly onLimited: () => void
  readonly onFault: () => void
  /** The text format, and its content type. */
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** @param load read whenever the metrics are */
export function createMetrics(load: () => Load): Metrics {
  const registers = [new Registry()]
  const [registry = new Registry()] = registers
  collectDefaultMetrics({ register: registry })
  const events = new Counter({
    name: 'touchstone_events_total',
    help: 'What has happened, by kind and request; of refusals and failures the code.',
    labelNames: ['event', 'request', 'code'],
    registers,
  })
  const presentations = new Histogram({
    name: 'touchstone_presentation_seconds',
    help: 'From a presentation’s arrival to its entry in the ledger, or to its refusal.',
    labelNames: ['outcome'],
    buckets: BUCKETS,
    registers,
  })
  const answers = new Histogram({
    name: 'touchstone_http_request_seconds',
    help: 'Requests by method, route and status. A stream of events ends when its session does.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  })
  const limited = new Counter({
    name: 'touchstone_rate_limited_total',
    help: 'Requests refused by a limit.',
    registers,
  })
  const faults = new Counter({
    name: 'touchstone_faults_total',
    help: 'What was not foreseen; the log has the cause.',
    registers,
  })
  new Gauge({
    name: 'touchstone_presentations_waiting',
    help: 'Presentations under way or waiting for their check.',
    registers,
    collect() {
      this.set(load().waiting)
    },
  })
  new Gauge({
    name: 'touchstone_event_streams',
    help: 'Open streams of events.',
    registers,
    collect() {
      this.set(load().streams)
    },
  })
  return {
    onEvent(event) {
      const request = 'request' in event ? event.request : ''
      const code = 'code' in event ? event.code : ''
      events.inc({ event: event.type, request, code })
      if ('milliseconds' in event) presentations.observe({ outcome: event.type }, event.milliseconds / 1000)
    },
    onAnswer: ({ method, route, status, seconds }) => answers.observe({ method, route, status: `${status}` }, seconds),
    onLimited: () => limited.inc(),
    onFault: () => faults.inc(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
