pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

component main {public [in]} = LessThan(8);
