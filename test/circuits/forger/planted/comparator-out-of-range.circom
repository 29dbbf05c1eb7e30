pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/* The comparator is right below 2^32; nothing keeps its operands there, so r − 1 is less than 5. */
template Planted() {
    signal input a;
    signal input b;
    signal output less;
    less <== LessThan(32)([a, b]);
}

component main {public [b]} = Planted();
