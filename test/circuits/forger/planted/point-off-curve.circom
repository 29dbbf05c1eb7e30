pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";

/* Points are added that nobody has looked at; off the curve the formulas are another group's. */
template Planted() {
    signal input a[2];
    signal input b[2];
    signal output sum[2];
    component add = BabyAdd();
    add.x1 <== a[0];
    add.y1 <== a[1];
    add.x2 <== b[0];
    add.y2 <== b[1];
    sum[0] <== add.xout;
    sum[1] <== add.yout;
}

component main = Planted();
