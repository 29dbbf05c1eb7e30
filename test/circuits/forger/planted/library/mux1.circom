pragma circom 2.2.0;

include "circomlib/circuits/mux1.circom";

component main = Mux1();
