export * from './fft'
export * from './fields'
export * from './fixed-base'
export * from './group'
export * from './msm'
export * from './point-set'
export * from './points'
export * from './quotient'
export * from './square-root'

/** Where the host may begin to allocate: behind the constants and temporaries. */
export function heapBase(): usize {
  return __heap_base
}
