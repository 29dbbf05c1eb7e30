pragma circom 2.2.0;

include "circomlib/circuits/montgomery.circom";

component main = MontgomeryAdd();
