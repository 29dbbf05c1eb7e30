pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

/* A number is split into halves that are hashed to a nullifier: two spellings, two nullifiers. */
template Planted() {
    signal input in;
    signal output nullifier;
    component bits = Num2Bits(254);
    bits.in <== in;
    component low = Bits2Num(127);
    component high = Bits2Num(127);
    for (var i = 0; i < 127; i++) {
        low.in[i] <== bits.out[i];
        high.in[i] <== bits.out[127 + i];
    }
    nullifier <== Poseidon(2)([low.out, high.out]);
}

component main {public [in]} = Planted();
