pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

component main = Poseidon(2);
