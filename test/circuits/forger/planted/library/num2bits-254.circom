pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

component main {public [in]} = Num2Bits(254);
