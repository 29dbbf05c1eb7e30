pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

/* The comparison is made and its verdict is left lying. */
template Planted() {
    signal input age;
    signal output square;
    component bits = Num2Bits(16);
    bits.in <== age;
    component less = LessThan(16);
    less.in[0] <== age;
    less.in[1] <== 1000;
    square <== age * age;
}

component main = Planted();
