// Plain JavaScript that any Node can read: the one line that an old Node gets instead of a syntax error.

const WANTED = 24

/** Ends the process with one line unless it runs on Node 24 or later, which `npm ci` installs beside the project. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= WANTED) return
  process.stderr.write(
    `Touchstone runs on Node ${WANTED}, this is ${process.versions.node}. ` +
      'Run "npm ci" (without --ignore-scripts) and start it through npm, which then uses the Node it installed.\n',
  )
  process.exit(1)
}
