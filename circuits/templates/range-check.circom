pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/*
 * RangeCheck: if `enabled`, then low ≤ value ≤ high, or with `negate` the opposite for a value below 2^64.
 *
 * The outcome is not computed but claimed, for a predicate that does not hold has no proof. Two numbers must then have
 * 64 bits:
 *
 *   negate = 0          value − low          and  high − value
 *   negate = 1, below   low − value − 1      and  value
 *   negate = 1, above   value − high − 1     and  value
 *
 * With low and high below 2^64, the first line gives low ≤ value ≤ high < 2^64. In the others the second number says
 * that the value itself is below 2^64, and the first then says on which side of the range it lies. A value of more
 * than 64 bits, such as hashed text, satisfies none of them. Multiplied by enabled = 0 both numbers are 0, so that
 * such values do not disturb the other modes.
 *
 * Assumed, not constrained: low < 2^64 and high < 2^64 (they are in the query hash, which the verifier computes from a
 * request whose bounds its parser has checked); enabled and negate are bits (constrained by the caller).
 *
 * @input enabled   bit
 * @input negate    bit
 * @input value     any field element
 * @input low       integer < 2^64
 * @input high      integer < 2^64; with high < low the range is empty
 */
template RangeCheck() {
    signal input enabled;
    signal input negate;
    signal input value;
    signal input low;
    signal input high;

    // The side on which a value outside the range lies.
    // circomspect: CS0005: a hint, held to a bit; either bit may be claimed, for only a true side has a proof
    signal above <-- value > high ? 1 : 0;
    above * (above - 1) === 0;

    // Each choice between x and y by a bit b is x + b·(y − x).
    signal outside <== low - value - 1 + above * (2 * value - low - high);
    signal first <== value - low + negate * (outside - value + low);
    signal second <== high - value + negate * (2 * value - high);

    _ <== Num2Bits(64)(enabled * first);
    _ <== Num2Bits(64)(enabled * second);
}
