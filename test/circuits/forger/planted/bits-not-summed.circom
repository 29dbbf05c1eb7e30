pragma circom 2.2.0;

/* The bits are bits, of no number in particular. */
template Planted() {
    signal input in;
    signal output out[4];
    for (var i = 0; i < 4; i++) {
        out[i] <-- (in >> i) & 1;
        out[i] * (out[i] - 1) === 0;
    }
    signal output square <== in * in;
}

component main = Planted();
