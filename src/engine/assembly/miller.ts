import { Fq2 } from './fq2'
import { Fq12 } from './fq12'
import { Fq } from './generated/fq'
import { LOOP, LOOP_LENGTH } from './generated/pairing-constants'
import { LINE_BYTES } from './twist-lines'
import { UNIT_LINE_BYTES } from './unit-lines'

/**
 * A pair of a Miller loop, three words: the address of the lines of its point of G2, whether they are unit lines, the
 * address of −x/y and 1/y of its point of G1, both 0 for infinity, whose lines are then 1.
 */
const PAIR_BYTES: usize = 12

const L1 = memory.data(72, 16)
const L3 = memory.data(72, 16)

/**
 * f = ∏ f_{6u+2,Qᵢ}(Pᵢ)·(the two lines of Frobenius), `count` pairs that share the squarings. Factors in proper
 * subfields are left to the final exponentiation.
 */
export function millerLoop(f: Fq12, pairs: usize, count: i32): void {
  f.setOne()
  let line = 0
  for (let index = 0; index < LOOP_LENGTH; index++) {
    if (index > 0) f.sqr(f)
    multiplyLines(f, pairs, count, line++)
    if (load<i8>(LOOP + index) !== 0) multiplyLines(f, pairs, count, line++)
  }
  multiplyLines(f, pairs, count, line++)
  multiplyLines(f, pairs, count, line)
}

function multiplyLines(f: Fq12, pairs: usize, count: i32, line: i32): void {
  for (let index = 0; index < count; index++) {
    const pair = pairs + PAIR_BYTES * <usize>index
    const lines = <usize>load<u32>(pair),
      point = <usize>load<u32>(pair, 8)
    if (load<u32>(pair, 4)) multiplyUnitLine(f, lines + UNIT_LINE_BYTES * <usize>line, point)
    else multiplyLine(f, lines + LINE_BYTES * <usize>line, point)
  }
}

function multiplyLine(f: Fq12, line: usize, point: usize): void {
  scaleLine(line + 72, point)
  f.mulByLine(changetype<Fq2>(line), changetype<Fq2>(L1), changetype<Fq2>(L3))
}

function multiplyUnitLine(f: Fq12, line: usize, point: usize): void {
  scaleLine(line, point)
  f.mulByUnitLine(changetype<Fq2>(L1), changetype<Fq2>(L3))
}

/** The coefficients of w and w³ at −x/y and 1/y. */
function scaleLine(coefficients: usize, point: usize): void {
  changetype<Fq2>(L1).scale(changetype<Fq2>(coefficients), changetype<Fq>(point))
  changetype<Fq2>(L3).scale(changetype<Fq2>(coefficients + 72), changetype<Fq>(point + 36))
}
