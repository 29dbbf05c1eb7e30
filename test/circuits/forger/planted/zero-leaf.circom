pragma circom 2.2.0;

include "parts/two-level-path.circom";

/* Empty places of the tree hold 0, and 0 is as good a member as any. */
template Planted() {
    signal input leaf;
    signal input siblings[2];
    signal input side[2];
    signal output root;
    for (var i = 0; i < 2; i++) side[i] * (side[i] - 1) === 0;
    root <== TwoLevelPath()(leaf, siblings, side);
}

component main = Planted();
