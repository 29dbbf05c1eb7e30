pragma circom 2.2.0;

/* The greatest of two numbers is one of them: either will do. */
template Planted() {
    signal input a;
    signal input b;
    signal output greatest;
    greatest <-- a > b ? a : b;
    (greatest - a) * (greatest - b) === 0;
}

component main = Planted();
