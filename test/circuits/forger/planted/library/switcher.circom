pragma circom 2.2.0;

include "circomlib/circuits/switcher.circom";

component main {public [sel, L, R]} = Switcher();
