import type { DatabaseSync } from 'node:sqlite'

/** An account is a name that only this forum sees; nothing else is known of the person. */
export type Account = {
  /** 43 characters of base64url; accounts are kept by it. */
  readonly nullifier: string
  /** The same name in words. */
  readonly pseudonym: string
  readonly signIns: number
}

export type Post = { readonly pseudonym: string; readonly text: string; readonly postedAt: Date; readonly own: boolean }

export type ForumStore = {
  /** The account of this name, made at its first sign-in. */
  readonly signIn: (name: { nullifier: string; pseudonym: string }, now: Date) => Account
  readonly find: (nullifier: string) => Account | undefined
  readonly post: (nullifier: string, text: string, now: Date) => void
  /** The newest hundred, newest first. */
  readonly posts: (reader: string | undefined) => Post[]
  /** With everything the account wrote. */
  readonly remove: (nullifier: string) => void
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS accounts (
    nullifier TEXT PRIMARY KEY,
    pseudonym TEXT NOT NULL,
    sign_ins INTEGER NOT NULL,
    joined INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (nullifier) ON DELETE CASCADE,
    text TEXT NOT NULL,
    posted_at INTEGER NOT NULL
  );`

export function createForumStore(database: DatabaseSync): ForumStore {
  database.exec(TABLES)
  const find = (nullifier: string): Account | undefined => {
    const row = database.prepare('SELECT pseudonym, sign_ins FROM accounts WHERE nullifier = ?').get(nullifier)
    return row && { nullifier, pseudonym: String(row.pseudonym), signIns: Number(row.sign_ins) }
  }
  return {
    find,
    signIn: ({ nullifier, pseudonym }, now) => {
      database
        .prepare(
          `INSERT INTO accounts VALUES (?, ?, 1, ?)
           ON CONFLICT (nullifier) DO UPDATE SET sign_ins = sign_ins + 1`,
        )
        .run(nullifier, pseudonym, now.getTime())
      return find(nullifier) ?? { nullifier, pseudonym, signIns: 1 }
    },
    post: (nullifier, text, now) =>
      void database
        .prepare('INSERT INTO posts (account, text, posted_at) VALUES (?, ?, ?)')
        .run(nullifier, text, now.getTime()),
    posts: (reader) =>
      database
        .prepare(
          `SELECT account, pseudonym, text, posted_at FROM posts JOIN accounts ON account = nullifier
           ORDER BY id DESC LIMIT 100`,
        )
        .all()
        .map((row) => ({
          pseudonym: String(row.pseudonym),
          text: String(row.text),
          postedAt: new Date(Number(row.posted_at)),
          own: row.account === reader,
        })),
    remove: (nullifier) => void database.prepare('DELETE FROM accounts WHERE nullifier = ?').run(nullifier),
  }
}
