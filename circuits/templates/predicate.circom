pragma circom 2.2.0;

include "slot-choice.circom";
include "one-of.circom";
include "range-check.circom";
include "equality-check.circom";

/*
 * Predicate: one question of a query about one claim slot, and its answer is yes.
 *
 *   mode        the statement (v is the claim in `slot`)           claim must be present   negate
 *   0 NOOP      nothing                                            no                      0
 *   1 RANGE     low ≤ v ≤ high, v < 2^64                           yes                     0 or 1
 *   2 EQUAL     v = low                                            yes                     0 or 1
 *   3 SET       v is in the query's set, or with negate it is not  yes                     0 or 1
 *   4 EXISTS    the claim's presence is low                        low says                0
 *   5 DISCLOSE  disclosed = v                                      yes                     0
 *
 * Every other number has no proof. An absent claim fails every predicate, negated ones too: "not equal" said of a claim
 * that the credential does not have would be an answer the holder chose. The set itself is not looked at here: the caller
 * gives the one question of mode SET that a query may have to SetCheck.
 *
 * @input  slot          0 … 15; constrained here
 * @input  mode          as the table; constrained here
 * @input  negate        bit; constrained here
 * @input  low           integer < 2^64 for RANGE, 0 or 1 for EXISTS, any field element for EQUAL
 * @input  high          integer < 2^64 for RANGE
 * @input  claims[16]    claim slots, field elements
 * @input  present[16]   bits of the presence mask, checked by the caller
 * @output disclosed     the claim's value for DISCLOSE, else 0
 * @output selection     slot + 16·mode + 128·negate, for the query hash; no two triples give the same number
 * @output isSet         bit: the mode is SET
 * @output value         the claim in the slot
 */
template Predicate() {
    signal input slot;
    signal input mode;
    signal input negate;
    signal input low;
    signal input high;
    signal input claims[16];
    signal input present[16];
    signal output disclosed;
    signal output selection;
    signal output isSet;
    signal output value;

    signal isPresent;
    (value, isPresent) <== SlotChoice()(slot, claims, present);
    signal is[6] <== OneOf(6, [0, 1, 2, 3, 4, 5])(mode);
    var isNoop = is[0];
    var isRange = is[1];
    var isEqual = is[2];
    isSet <== is[3];
    var isExists = is[4];
    var isDisclose = is[5];

    negate * (negate - 1) === 0;
    negate * (1 - isRange - isEqual - isSet) === 0;

    (1 - isNoop - isExists) * (1 - isPresent) === 0;
    isExists * (isPresent - low) === 0;

    RangeCheck()(isRange, negate, value, low, high);
    EqualityCheck()(isEqual, negate, value, low);

    disclosed <== isDisclose * value;
    selection <== slot + 16 * mode + 128 * negate;
}
