const GLOBALS = 6

/**
 * Whether a WebAssembly module has globals of its own: its sections stand one after another, a number, a length and
 * the content each (WebAssembly Core Specification 2.0, §5.5.2). For modules that have been compiled.
 */
export function hasGlobals(wasm: Uint8Array): boolean {
  let at = 8
  while (at < wasm.length) {
    if (wasm[at] === GLOBALS) return true
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[++at] ?? 0
      length += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    at += 1 + length
  }
  return false
}
