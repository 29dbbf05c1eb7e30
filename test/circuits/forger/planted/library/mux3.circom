pragma circom 2.2.0;

include "circomlib/circuits/mux3.circom";

component main = Mux3();
