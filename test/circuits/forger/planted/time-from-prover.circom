pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

/* The credential is not expired on a day that the prover names. */
template Planted() {
    signal input today;
    signal input validUntil;
    signal output hash;
    component a = Num2Bits(32);
    a.in <== today;
    component b = Num2Bits(32);
    b.in <== validUntil;
    signal before <== LessEqThan(32)([today, validUntil]);
    before === 1;
    hash <== validUntil * validUntil;
}

component main = Planted();
