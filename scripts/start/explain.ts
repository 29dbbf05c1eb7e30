/** SQLite's own numbers for a full disk, and for a file it may not write, or not open. */
const SQLITE_FULL = 13
const SQLITE_UNWRITABLE: readonly unknown[] = [8, 14]

const UNWRITABLE: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']

/** Errors of ours whose message already says what to do. */
const SAYS_ALL: readonly unknown[] = [
  'key_permissions',
  'key_corrupt',
  'signing_key_permissions',
  'signing_key_invalid',
  'artefact_corrupt',
  'asset_build',
  'ports_invalid',
]

/** One line for what the person who started it can mend; undefined for anything else, which is a defect of ours. */
export function explain(error: unknown): string | undefined {
  for (const { code, errcode, path, port, message } of withCauses(error)) {
    if (code === 'port_in_use') {
      return (
        `Port ${port} is in use, and no other will do, for the address is the identity. ` +
        'Stop the program that has it (perhaps another Touchstone) and start again.'
      )
    }
    // The builder is another program, which says it in words.
    const builderSays = code === 'asset_build' ? String(message) : ''
    if (code === 'ENOSPC' || errcode === SQLITE_FULL || /ENOSPC|no space left on device/i.test(builderSays)) {
      return 'The disk is full. Touchstone needs about 200 MB for its keys and pages: free some and start again.'
    }
    if (UNWRITABLE.includes(code) || SQLITE_UNWRITABLE.includes(errcode)) {
      const place = path === undefined ? 'a database' : String(path)
      return `Cannot write to ${place} (${code}). Make the folder writable, or give another by --data.`
    }
    if (SAYS_ALL.includes(code)) return String(message)
  }
  return undefined
}

type Facts = Partial<Record<'code' | 'errcode' | 'path' | 'port' | 'message', unknown>>

function* withCauses(error: unknown): Generator<Facts> {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { message } = current
    yield { ...current, message }
  }
}
