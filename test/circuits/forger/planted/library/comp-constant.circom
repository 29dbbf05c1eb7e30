pragma circom 2.2.0;

include "circomlib/circuits/compconstant.circom";

component main = CompConstant(1000);
