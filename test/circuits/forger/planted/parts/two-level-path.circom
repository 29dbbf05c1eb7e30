pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/* The root of a binary path of two levels; `side[i]` is 1 where the node is the right child. Ranges are the caller's. */
template TwoLevelPath() {
    signal input leaf;
    signal input siblings[2];
    signal input side[2];
    signal output root;
    signal nodes[3];
    signal turned[2];
    nodes[0] <== leaf;
    for (var i = 0; i < 2; i++) {
        turned[i] <== side[i] * (siblings[i] - nodes[i]);
        nodes[i + 1] <== Poseidon(2)([nodes[i] + turned[i], siblings[i] - turned[i]]);
    }
    root <== nodes[2];
}
