import { parseSchema, type Schema } from '../../src/protocol/schema.ts'

/** The published Person schema, as Touchstone's own issuer has it. */
export const PERSON_SCHEMA: Schema = parseSchema({
  version: 1,
  name: 'Person',
  claims: [
    claim(0, 'givenName', 'string', 'Given name'),
    claim(1, 'familyName', 'string', 'Family name'),
    claim(2, 'birthDate', 'date', 'Birth date'),
    claim(3, 'nationality', 'country', 'Nationality'),
    claim(4, 'residence', 'country', 'Country of residence'),
    { ...claim(5, 'documentNumber', 'string', 'Document number'), sensitive: true },
    { ...claim(6, 'birthPlace', 'string', 'Place of birth'), required: false },
  ],
})

function claim(slot: number, name: string, type: string, title: string) {
  return { name, slot, type, title, sensitive: false, required: true }
}
