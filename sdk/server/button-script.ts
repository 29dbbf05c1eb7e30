import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Asked } from './asked.ts'
import { serverError } from './error-codes.ts'

/** Where pages load `<touchstone-button>` from. */
export const BUTTON_PATH = '/touchstone/button.js'

/** The bundled button, in the package. In the repository it is there after `npm run build:sdk`. */
const BUNDLE = new URL('../../build/sdk/button.js', import.meta.url)

/** The script, which browsers keep and ask about by its hash. Throws `button_missing`. */
export async function answerButton({ headers }: Pick<Asked, 'headers'>, bundle: URL = BUNDLE): Promise<Response> {
  const script = await readFile(bundle).catch((cause: unknown) => {
    throw serverError('button_missing', undefined, { cause })
  })
  const etag = `"${createHash('sha256').update(script).digest('base64url')}"`
  const own = { etag, 'cache-control': 'no-cache', 'content-type': 'text/javascript; charset=utf-8' }
  if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: own })
  return new Response(script, { headers: own })
}
