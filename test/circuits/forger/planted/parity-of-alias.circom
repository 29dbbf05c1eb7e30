pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/* 254 bits spell k and, for small k, k + r as well; r is odd, so both parities can be claimed. */
template Planted() {
    signal input in;
    signal output odd;
    component bits = Num2Bits(254);
    bits.in <== in;
    odd <== bits.out[0];
}

component main {public [in]} = Planted();
