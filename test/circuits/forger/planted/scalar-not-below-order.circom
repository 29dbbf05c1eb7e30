pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

/* A public key g^s of a group of order 16, and a nullifier made from s: s + 16 has the key of s and another nullifier. */
template Planted() {
    var generator = 14940766826517323942636479241147756311199852622225275649687664389641784935947;
    signal input scalar;
    signal output key;
    signal output nullifier;
    component bits = Num2Bits(8);
    bits.in <== scalar;
    signal powers[9];
    powers[0] <== 1;
    var power = generator;
    for (var i = 0; i < 8; i++) {
        powers[i + 1] <== powers[i] * (1 + bits.out[i] * (power - 1));
        power = power * power;
    }
    key <== powers[8];
    nullifier <== Poseidon(1)([scalar]);
}

component main = Planted();
