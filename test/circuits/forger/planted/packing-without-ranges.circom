pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/* Two bytes in one number: (256, 0) and (0, 1) are one. */
template Planted() {
    signal input low;
    signal input high;
    signal output hash;
    hash <== Poseidon(1)([low + 256 * high]);
}

component main = Planted();
