pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";

/* Two modes are known; in any other the difference is not looked at. */
template Planted() {
    signal input mode;
    signal input a;
    signal input b;
    signal equal <== IsEqual()([mode, 0]);
    signal opposite <== IsEqual()([mode, 1]);
    equal * (a - b) === 0;
    opposite * (a + b) === 0;
}

component main {public [a, b]} = Planted();
