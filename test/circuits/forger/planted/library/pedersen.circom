pragma circom 2.2.0;

include "circomlib/circuits/pedersen.circom";

component main = Pedersen(8);
