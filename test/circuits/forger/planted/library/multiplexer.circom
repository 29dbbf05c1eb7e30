pragma circom 2.2.0;

include "circomlib/circuits/multiplexer.circom";

component main = Multiplexer(1, 4);
