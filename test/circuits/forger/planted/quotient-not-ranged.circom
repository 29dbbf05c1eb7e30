pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/* A shift by 8: the low byte has its range, what is above it has none and may wrap around the field. */
template Planted() {
    signal input in;
    signal output high;
    signal output low;
    high <-- in >> 8;
    low <-- in & 255;
    component bits = Num2Bits(8);
    bits.in <== low;
    in === high * 256 + low;
}

component main {public [in]} = Planted();
