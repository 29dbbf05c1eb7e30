pragma circom 2.2.0;

/* One of the two constraints of a zero test: 1 − in·inv is whatever the hint makes it. */
template Planted() {
    signal input in;
    signal output isZero;
    signal inverse <-- in != 0 ? 1 / in : 0;
    isZero <== 1 - in * inverse;
}

component main = Planted();
