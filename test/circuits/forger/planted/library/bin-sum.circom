pragma circom 2.2.0;

include "circomlib/circuits/binsum.circom";

component main {public [in]} = BinSum(4, 2);
