pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/* The session's challenge is public and stands in no constraint: one proof serves every session. */
template Planted() {
    signal input secret;
    signal input challenge;
    signal output commitment;
    commitment <== Poseidon(1)([secret]);
}

component main {public [challenge]} = Planted();
