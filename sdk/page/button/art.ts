const SVG = 'http://www.w3.org/2000/svg'

const STREAK =
  'M5.4 28C20 22.8 42 22.6 61 26.4 43 30.6 25 33.2 9.6 35.4 4.4 36 3 29 5.4 27.8ZM15.5 40.2C27 36.8 39 35.6 52 35.6 40.5 38.6 29.5 40.8 19 42.2 15 42.6 13.8 40.7 15.5 40.2Z'

/** The stone with its streak, at rest. */
export function mark(): SVGElement {
  return picture(
    'mark',
    path(
      'edge',
      'M15 4.5 50 3c5-.2 8.3 2.7 8.6 7.4L61 49.5c.3 5.6-2.9 9.2-8.3 9.5L14.5 61c-5.6.3-9.2-2.8-9.5-8.3L3.2 17.5C2.8 9.7 7.5 4.8 15 4.5Z',
    ),
    path(
      'face',
      'M15.3 7.3 49.7 5.9c4.7-.2 7.9 2.5 8.2 7.1L60.2 49.7c.2 4.8-2.6 8-7.6 8.3L14.6 60c-5 .3-8.3-2.5-8.6-7.3L4.2 18.5C3.9 11.8 8.3 7.6 15.3 7.3Z',
    ),
    path('gold', STREAK),
  )
}

/** The contact of a security key, which blinks while it waits for a finger. */
export function contact(): SVGElement {
  return picture('contact', circle('ring', 22), circle('gold', 12))
}

/** The streak that a touch draws. */
export function streak(): SVGElement {
  return picture('streak', path('gold', STREAK))
}

/** Made node by node, so that a page's Trusted Types have nothing to refuse. */
function picture(name: string, ...parts: readonly SVGElement[]): SVGElement {
  const svg = shape('svg', { class: name, viewBox: '0 0 64 64', 'aria-hidden': 'true' })
  svg.append(...parts)
  return svg
}

function path(name: string, d: string): SVGElement {
  return shape('path', { class: name, d, ...(d === STREAK && { transform: 'rotate(-37 32 32)' }) })
}

function circle(name: string, r: number): SVGElement {
  return shape('circle', { class: name, cx: '32', cy: '32', r: String(r) })
}

function shape(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement // of this namespace, so it is one
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}
