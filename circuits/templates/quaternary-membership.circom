pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/*
 * QuaternaryMembership: the root of a tree of fixed depth in which `leaf` stands somewhere. Each inner node is the
 * untagged Poseidon of its four children.
 *
 * On every level the node below is one of the four children that the prover names, in whichever place: the product of
 * the four differences is 0. That costs three constraints and needs neither an index nor its bits, where the place
 * means nothing. A place that means something is QuaternaryPath's.
 *
 * An inner node can not be taken for a leaf, nor the reverse: the depth is fixed, and the caller's leaves are tagged
 * hashes of an arity other than four. So an empty place, which is 0, can not be opened as a leaf either.
 *
 * @param  depth              levels of hashing; 4^depth leaves
 * @input  leaf               a tagged hash that the caller has computed
 * @input  children[depth][4] the four children on each level, from the leaf's up; any field elements
 * @output root               field element to be compared with the root that the verifier knows
 */
template QuaternaryMembership(depth) {
    signal input leaf;
    signal input children[depth][4];
    signal output root;

    signal nodes[depth + 1];
    signal left[depth];
    signal right[depth];
    nodes[0] <== leaf;
    for (var level = 0; level < depth; level++) {
        left[level] <== (children[level][0] - nodes[level]) * (children[level][1] - nodes[level]);
        right[level] <== (children[level][2] - nodes[level]) * (children[level][3] - nodes[level]);
        left[level] * right[level] === 0;
        nodes[level + 1] <== Poseidon(4)(children[level]);
    }
    root <== nodes[depth];
}
