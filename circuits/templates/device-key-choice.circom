pragma circom 2.2.0;

include "non-zero.circom";

/*
 * DeviceKeyChoice: out is one of the four keys, and it is not 0.
 *
 * Exactly one selector is 1 because each is 0 or 1 and their sum is 1 (four bits cannot wrap in the field). A place
 * without a key holds 0, so it cannot be chosen.
 *
 * @input  keys[4]       hashes of the device keys; 0 stands for "no key in this place"
 * @input  selector[4]   one-hot; constrained here
 * @output out           the chosen key, not 0
 */
template DeviceKeyChoice() {
    signal input keys[4];
    signal input selector[4];
    signal output out;

    signal chosen[4];
    var sum = 0;
    // circomspect: CS0008: total === 1 below reads it; circomspect passes over a constraint that names no signal
    var total = 0;
    for (var i = 0; i < 4; i++) {
        selector[i] * (selector[i] - 1) === 0;
        chosen[i] <== selector[i] * keys[i];
        sum += chosen[i];
        // circomspect: CS0008: as above
        total += selector[i];
    }
    total === 1;
    out <== sum;
    NonZero()(out);
}
