pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/* A commitment and a nullifier are the same hash: a scope equal to the blinding makes them one number. */
template Planted() {
    signal input secret;
    signal input blinding;
    signal input scope;
    signal output commitment;
    signal output nullifier;
    commitment <== Poseidon(2)([secret, blinding]);
    nullifier <== Poseidon(2)([secret, scope]);
}

component main {public [scope]} = Planted();
