pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/* A salt of the prover's in the nullifier: as many nullifiers as one likes. */
template Planted() {
    signal input secret;
    signal input salt;
    signal input scope;
    signal output commitment;
    signal output nullifier;
    commitment <== Poseidon(2)([secret, 1]);
    nullifier <== Poseidon(3)([secret, scope, salt]);
}

component main {public [scope]} = Planted();
