/**
 * The button's look: it lies on anybody's page, so it brings its own stone, the same by day and by night. What lies
 * beside the stone takes the page's colours. As a constructed sheet, for a policy that allows no inline style allows that.
 */
const CSS = `
:host {
  display: inline-block;
  max-inline-size: 100%;
  vertical-align: top;
  --stone: var(--touchstone-stone, #20272c);
  --stone-high: var(--touchstone-stone-high, #2b343a);
  --line: var(--touchstone-line, #46525a);
  --ink: var(--touchstone-ink, #f1f1ed);
  --ink-2: var(--touchstone-ink-2, #b7bec2);
  --gold: var(--touchstone-gold, #e0af49);
  --radius: var(--touchstone-radius, 9px);
  font: var(--touchstone-font, 600 1.0625rem/1.2 system-ui, sans-serif);
}
:host([hidden]) { display: none }
* { box-sizing: border-box }
[hidden] { display: none !important }
.ask { position: relative; display: grid; gap: .75rem; justify-items: start }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; max-inline-size: 100% }
.stone { position: relative; max-inline-size: 100% }
button { font: inherit; cursor: pointer }
.press {
  color-scheme: dark;
  display: inline-flex;
  align-items: center;
  gap: .75rem;
  inline-size: 100%;
  min-block-size: 3.375rem;
  padding-block: .5rem;
  padding-inline: .75rem 1.25rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  text-align: start;
  color: var(--ink);
  background: var(--stone);
  box-shadow: inset 0 1px 0 rgb(255 255 255 / .09), inset 0 0 0 1px rgb(255 255 255 / .035);
}
:host([state=proving]) .press { padding-block-end: .75rem }
.press:hover { background: var(--stone-high) }
.press[aria-disabled=true] { cursor: default; background: var(--stone) }
.slot, svg { display: block; flex: none; inline-size: 2rem; block-size: 2rem }
.edge { fill: #5b6870 }
.face { fill: #303a41 }
.gold { fill: var(--gold) }
.ring { fill: none; stroke: var(--gold); stroke-width: 3.5 }
.contact, .streak, :host(:is([state=awaiting_key], [state=proving], [state=verifying], [state=done])) .mark { display: none }
:host([state=awaiting_key]) .contact, :host(:is([state=proving], [state=verifying], [state=done])) .streak { display: block }
.words { min-inline-size: 0; overflow-wrap: anywhere }
small { display: block; font-size: .8125rem; font-weight: 400; color: var(--ink-2) }
.bar { position: absolute; inset: auto .75rem 4px; block-size: 3px; border-radius: 2px; overflow: clip; pointer-events: none; background: var(--line) }
.bar i { display: block; block-size: 100%; inline-size: calc(var(--done, 0) * 100%); background: var(--gold) }
.cancel {
  min-block-size: 3rem;
  padding-inline: .75rem;
  border: 0;
  border-radius: var(--radius);
  font-weight: 500;
  font-size: .9375rem;
  color: inherit;
  background: none;
  text-decoration: underline;
  text-underline-offset: .28em;
}
/* On an unknown page no single colour is safe: light inside, dark outside. */
button:focus-visible { outline: 3px solid #13181b; outline-offset: 3px; box-shadow: 0 0 0 3px #fff }
p { margin: 0; font-size: .9375rem; font-weight: 400; line-height: 1.5; max-inline-size: 36rem; padding-inline-start: .75rem; border-inline-start: 3px solid var(--touchstone-edge, #7b868c) }
p.quiet { position: absolute; inline-size: 1px; block-size: 1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (prefers-reduced-motion: no-preference) {
  .press { transition: background-color 110ms }
  .bar i { transition: inline-size 110ms }
  .ring { animation: blink 1.6s ease-in-out infinite alternate }
  .streak { animation: draw 720ms cubic-bezier(.22, .7, .18, 1) }
}
@media (forced-colors: active) {
  .gold, .bar i { fill: Highlight; background: Highlight }
  .ring { stroke: Highlight }
  .press:focus-visible { outline-color: Highlight }
}
@keyframes blink { from { opacity: .15 } to { opacity: .9 } }
@keyframes draw { from { clip-path: inset(0 100% 0 0) } to { clip-path: inset(0) } }
`

let sheet: CSSStyleSheet | undefined

/** One sheet for all buttons of a page. */
export function buttonSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
  }
  return sheet
}
