import type { Circuit } from '../../circuit.ts'
import type { Forgery } from '../target.ts'

export async function* groupForgeries(_circuit: Circuit, _seed: number): AsyncGenerator<Forgery> {}
