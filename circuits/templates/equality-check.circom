pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/*
 * EqualityCheck: if `enabled`, then value = operand, or with `negate` value ≠ operand.
 *
 * @input enabled   bit, constrained by the caller
 * @input negate    bit, constrained by the caller
 * @input value     any field element
 * @input operand   any field element
 */
template EqualityCheck() {
    signal input enabled;
    signal input negate;
    signal input value;
    signal input operand;

    signal equal <== IsEqual()([value, operand]);
    // equal ⊕ negate = 1, where both are bits.
    enabled * (equal + negate - 1) === 0;
}
