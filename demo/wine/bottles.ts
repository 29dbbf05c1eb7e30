/** A bottle on the shelf. Nothing is for sale: prices are in whole euros, and for the look of it. */
export type Bottle = {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly taste: string
  readonly price: number
  /** Which of the glass colours of the style sheet. */
  readonly glass: 'green' | 'brown' | 'clear'
}

export const BOTTLES: readonly Bottle[] = [
  {
    id: 'slate-riesling',
    name: 'Slate Riesling',
    kind: 'Dry white',
    taste: 'Green apple, wet stone',
    price: 14,
    glass: 'green',
  },
  { id: 'iron-red', name: 'Iron Hill', kind: 'Full red', taste: 'Dark cherry, smoke', price: 19, glass: 'brown' },
  {
    id: 'chalk-sparkling',
    name: 'Chalk Brut',
    kind: 'Sparkling',
    taste: 'Bread crust, lemon',
    price: 26,
    glass: 'green',
  },
  { id: 'amber-sweet', name: 'Late Amber', kind: 'Sweet white', taste: 'Apricot, honey', price: 22, glass: 'clear' },
]
