pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * GroupMember: out = Poseidon(GM, holderSecret, groupId), what a holder gives a group to be a member of it. With another
 * group's id it is another number, so that two groups can not match their members.
 *
 * @input  holderSecret   any field element
 * @input  groupId        field element of the group's name
 * @output out            leaf of the group's tree
 */
template GroupMember() {
    signal input holderSecret;
    signal input groupId;
    signal output out;

    out <== Poseidon(3)([TAG_GM(), holderSecret, groupId]);
}
