pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/* Membership is shown for one secret, the nullifier made from another that nothing ties to it. */
template Planted() {
    signal input secret;
    signal input nullifierSecret;
    signal input scope;
    signal output commitment;
    signal output nullifier;
    commitment <== Poseidon(1)([secret]);
    nullifier <== Poseidon(2)([nullifierSecret, scope]);
}

component main {public [scope]} = Planted();
