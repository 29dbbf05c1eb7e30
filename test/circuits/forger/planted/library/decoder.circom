pragma circom 2.2.0;

include "circomlib/circuits/multiplexer.circom";

component main = Decoder(4);
