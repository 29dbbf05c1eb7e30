pragma circom 2.2.0;

/* The product is assigned and never constrained. The other output shows that the circuit has constraints at all. */
template Planted() {
    signal input a;
    signal input b;
    signal output square;
    signal output product;
    square <== a * a;
    product <-- a * b;
}

component main {public [a, b]} = Planted();
