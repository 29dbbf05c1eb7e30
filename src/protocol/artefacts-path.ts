// In a file of its own, for the service worker brings nothing else along.

/** Where the wallet's own origin serves the files of its key set: `/artefacts/<key-set hash>/<file>`. */
export const ARTEFACTS_PATH = '/artefacts'
