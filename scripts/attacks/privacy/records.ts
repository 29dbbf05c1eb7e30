import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** Everything that a site has written under this folder, as bytes: its database with its journal, and whatever else. */
export function readFolder(folder: string): Buffer {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Buffer.concat(
    entries.filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  )
}

/** Every row of every table as text; bytes stand in it in hexadecimal. */
export async function readPostgres(url: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const tables = await client.query(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    )
    const texts: string[] = []
    for (const { name } of tables.rows) {
      const { rows } = await client.query(
        `select row_to_json(t)::text as text from ${client.escapeIdentifier(String(name))} t`,
      )
      texts.push(...rows.map(({ text }) => String(text)))
    }
    return Buffer.from(texts.join('\n'))
  } finally {
    await client.end()
  }
}

/** How a number may have been written down: bytes either way round, hexadecimal, decimal, base64 in both alphabets. */
export function formsOf(value: bigint): Buffer[] {
  const bytes = Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
  const texts = [bytes.toString('hex'), value.toString(), bytes.toString('base64url'), bytes.toString('base64')]
  return [bytes, Buffer.from(bytes).reverse(), ...texts.map((text) => Buffer.from(text))]
}

export function isIn(records: readonly Buffer[], forms: readonly Buffer[]): boolean {
  return records.some((record) => forms.some((form) => record.includes(form)))
}
