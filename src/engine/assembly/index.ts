export * from './combination-program'
export * from './constraint-rows'
export * from './fft'
export * from './fields'
export * from './fixed-base'
export * from './group'
export * from './input-sums'
export * from './msm'
export * from './pairing'
export * from './point-reading'
export * from './point-set'
export * from './points'
export * from './quotient'
export { recodeScalars } from './recode'
export * from './square-root'
export * from './tower'
export * from './weights'

/** Where the host may begin to allocate: behind the constants and temporaries. */
export function heapBase(): usize {
  return __heap_base
}
