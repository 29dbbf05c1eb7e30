pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";

component main = BabyDbl();
