import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'

/**
 * Makes a file that its owner alone can read, in a folder that its owner alone can, unless there is one: it is whole
 * before it has its name, so that two processes that start together end up with one.
 */
export function createWholeFile(path: string, text: string): void {
  const draft = writeDraft(path, text)
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
}

/** Puts a file in the place of another: a reader has the one or the other, each whole. */
export function replaceWholeFile(path: string, text: string): void {
  renameSync(writeDraft(path, text), path)
}

/** Whether the file system refused by this code. */
export function isFileError(error: unknown, code: 'EEXIST' | 'ENOENT'): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function writeDraft(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${toBase64url(randomBytes(9))}.draft`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  return draft
}
