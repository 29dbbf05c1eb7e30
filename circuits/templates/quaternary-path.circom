pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/*
 * QuaternaryPath: the root of a tree of fixed depth in which `leaf` stands in the place that `index` says. Each inner
 * node is the untagged Poseidon of its four children.
 *
 * @param  depth              levels of hashing; 4^depth leaves
 * @input  leaf               any field element; the place distinguishes it from an inner node, for the depth is fixed
 * @input  index[2·depth]     bits of the leaf's place, least significant first; checked by the caller
 * @input  children[depth][4] the four children on each level, from the leaf's up; any field elements
 * @output root               field element to be compared with the root that the verifier knows
 */
template QuaternaryPath(depth) {
    signal input leaf;
    signal input index[2 * depth];
    signal input children[depth][4];
    signal output root;

    signal nodes[depth + 1];
    signal lower[depth];
    signal upper[depth];
    nodes[0] <== leaf;
    for (var level = 0; level < depth; level++) {
        var low = index[2 * level];
        var high = index[2 * level + 1];
        lower[level] <== children[level][0] + low * (children[level][1] - children[level][0]);
        upper[level] <== children[level][2] + low * (children[level][3] - children[level][2]);
        nodes[level] - lower[level] === high * (upper[level] - lower[level]);
        nodes[level + 1] <== Poseidon(4)(children[level]);
    }
    root <== nodes[depth];
}
