pragma circom 2.2.0;

/* y is a root of x²; which of the two, as in a compressed point, nobody says. What follows depends on it. */
template Planted() {
    signal input x;
    signal output cube;
    signal square <== x * x;
    signal y <-- x;
    y * y === square;
    cube <== y * square;
}

component main = Planted();
