export * from './fields'

/** Where the host may begin to allocate: behind the constants and temporaries. */
export function heapBase(): usize {
  return __heap_base
}
