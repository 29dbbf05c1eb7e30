pragma circom 2.2.0;

/* Four bits add up to the number, but nothing makes them bits. */
template Planted() {
    signal input in;
    signal output out[4];
    var sum = 0;
    for (var i = 0; i < 4; i++) {
        out[i] <-- (in >> i) & 1;
        sum += out[i] * 2 ** i;
    }
    sum === in;
    signal output square <== in * in;
}

component main {public [in]} = Planted();
