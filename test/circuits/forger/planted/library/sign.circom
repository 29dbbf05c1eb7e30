pragma circom 2.2.0;

include "circomlib/circuits/sign.circom";

component main = Sign();
