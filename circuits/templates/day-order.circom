pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/*
 * DayOrder: earlier ≤ later.
 *
 * Both are below 2^32, so their difference is between −2^32 and 2^32; as a field element a negative one is close to
 * the field's order and has no decomposition into 32 bits.
 *
 * Assumed, not constrained: both operands are below 2^32 (constrained by the caller, with Day or DayWithin).
 *
 * @input earlier   day
 * @input later     day
 */
template DayOrder() {
    signal input earlier;
    signal input later;

    _ <== Num2Bits(32)(later - earlier);
}
