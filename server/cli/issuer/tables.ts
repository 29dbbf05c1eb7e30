import type { CredentialRecord } from '../../issuer/status-records.ts'

/** Credentials as lines for a terminal, with a heading. */
export function credentialTable(credentials: readonly CredentialRecord[]): string {
  const rows = credentials.map(({ revocationId, state, person, schema, issuedAt, changedAt, reason }) => [
    String(revocationId),
    state,
    person,
    schema.slice(0, 8),
    moment(issuedAt),
    changedAt === undefined ? '' : moment(changedAt),
    reason ?? '',
  ])
  return table(['identifier', 'state', 'person', 'schema', 'issued', 'changed', 'reason'], rows)
}

/** Epochs as lines for a terminal, with a heading. */
export function epochTable(
  epochs: readonly { epoch: number; published_at: number; root: Uint8Array; list: number }[],
): string {
  const rows = epochs.map(({ epoch, published_at, root, list }) => [
    String(epoch),
    moment(published_at),
    Buffer.from(root).toString('base64url'),
    list === 1 ? 'yes' : 'no',
  ])
  return table(['epoch', 'published', 'root', 'list kept'], rows)
}

/** Unix seconds as people read them. */
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows]
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
