pragma circom 2.2.0;

include "one-of.circom";

/*
 * SlotChoice: value and presence of the claim in one of the sixteen slots.
 *
 * @input  slot           0 … 15; constrained here
 * @input  claims[16]     claim slots, field elements
 * @input  present[16]    bits of the presence mask, checked by the caller
 * @output value          claims[slot]
 * @output isPresent      present[slot]
 */
template SlotChoice() {
    signal input slot;
    signal input claims[16];
    signal input present[16];
    signal output value;
    signal output isPresent;

    signal at[16] <== OneOf(16, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])(slot);
    signal values[16];
    signal presences[16];
    var valueSum = 0;
    var presenceSum = 0;
    for (var i = 0; i < 16; i++) {
        values[i] <== at[i] * claims[i];
        presences[i] <== at[i] * present[i];
        valueSum += values[i];
        presenceSum += presences[i];
    }
    value <== valueSum;
    isPresent <== presenceSum;
}
