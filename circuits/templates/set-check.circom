pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "quaternary-membership.circom";
include "tags.circom";

/*
 * SetCheck: if `enabled`, then value is in the set of up to 256 members behind `setRoot`, or with `negate` it is not.
 *
 * The tree's leaves are the gaps of the sorted list: Poseidon(GAP, member, next member). The last gap leads back to the
 * first member, written as first + 2^252, so n members have n gaps, and 256 fit in four levels.
 *
 *   negate = 0   value = member
 *   negate = 1   member < w < next, where w is value, or value + 2^252 if `wraps` says so
 *
 * The two inequalities are w − member − 1 < 2^252 and next − w − 1 < 2^252. Their sum, next − member − 2, is below
 * 2^252 for every gap, so neither can have wrapped at r, and they order integers. Then no member equals value: within
 * one turn of 2^252, from member to next, there is none. That holds for every field element value, whatever `wraps` is,
 * for a value that is 2^252 or more equals no member.
 *
 * Assumed, not constrained: setRoot was computed by the verifier from members below 2^252, each once; enabled and
 * negate are bits (constrained by the caller).
 *
 * @input enabled          bit; with 0 nothing is claimed: the root is free, and the path any in which the gap stands
 * @input negate           bit
 * @input value            any field element
 * @input member           the gap's lower end
 * @input next             the gap's upper end, below 2^253
 * @input children[4][4]   the gap's path (QuaternaryMembership)
 * @input setRoot          root of the gaps
 */
template SetCheck() {
    signal input enabled;
    signal input negate;
    signal input value;
    signal input member;
    signal input next;
    signal input children[4][4];
    signal input setRoot;

    signal gap <== Poseidon(3)([TAG_GAP(), member, next]);
    signal root <== QuaternaryMembership(4)(gap, children);
    enabled * (root - setRoot) === 0;

    signal outside <== enabled * negate;
    (enabled - outside) * (value - member) === 0;

    // Which turn of the circle the value is on.
    // circomspect: CS0005: a hint, held to a bit; either bit may be claimed, for only the true turn has a proof
    signal wraps <-- value < member ? 1 : 0;
    wraps * (wraps - 1) === 0;
    signal turned <== value + wraps * (1 << 252);
    _ <== Num2Bits(252)(outside * (turned - member - 1));
    _ <== Num2Bits(252)(outside * (next - turned - 1));
}
