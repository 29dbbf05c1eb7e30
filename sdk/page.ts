export { type PresentOptions, type PresentState, present } from './page/present.ts'
export { resume } from './page/resume.ts'
export { TouchstoneError } from './touchstone-error.ts'
