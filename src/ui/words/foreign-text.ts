/** The most of somebody else's text that stands inside a sentence of ours, in UTF-16 units, unless told otherwise. */
const LONGEST = 40

const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

/**
 * Text of a site's or an issuer's own choosing, fit to stand between the quotation marks of a sentence of ours: cut
 * short, and with a direction of its own, so that it can neither take the sentence over nor turn it around. (What could
 * hide or reorder is refused where the message is parsed.)
 */
export function foreignText(text: string, longest = LONGEST): string {
  const short = text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text
  return FIRST_STRONG_ISOLATE + short.toWellFormed() + POP_ISOLATE
}
