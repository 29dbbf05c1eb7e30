/** Browsers that the scripts are written for: those of 2024 and later, which all know what the pages use. */
export const SCRIPT_TARGET = 'es2022'

/**
 * Browsers that know `light-dark()`. Rewriting it for older ones would settle every colour at the root, and stone,
 * which sets a colour scheme of its own, would have the colours of paper.
 */
export const STYLE_TARGET = ['chrome123', 'edge123', 'firefox120', 'safari17.5']
