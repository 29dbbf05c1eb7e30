export const NAMES = ['wallet', 'issuer', 'forum', 'wine'] as const
export type Name = (typeof NAMES)[number]
export type Ports = Readonly<Record<Name, number>>

/** The origins of local development stand on these. */
export const DEFAULT_PORTS: Ports = { wallet: 4400, issuer: 4401, forum: 4402, wine: 4403 }

/** Four numbers with commas between, in the order of {@link NAMES}. Throws PortsError. */
export function readPorts(text: string | undefined): Ports {
  if (text === undefined) return DEFAULT_PORTS
  const [wallet, issuer, forum, wine, ...more] = text.split(',').map(readPort)
  if (!wallet || !issuer || !forum || !wine || more.length > 0) throw new PortsError()
  return { wallet, issuer, forum, wine }
}

/** `--ports` says something else than four ports. */
export class PortsError extends Error {
  override readonly name = 'PortsError'
  readonly code = 'ports_invalid'

  constructor() {
    super(`--ports takes four port numbers with commas between: ${NAMES.join(',')}`)
  }
}

function readPort(text: string): number | undefined {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  return port > 0 && port < 65_536 ? port : undefined
}
