pragma circom 2.2.0;

/* A hash of three rounds x → (x + c)³, one square of which is only assigned. */
template Planted() {
    signal input in;
    signal output out;
    signal squares[3];
    signal state[4];
    state[0] <== in;
    for (var i = 0; i < 3; i++) {
        if (i == 1) {
            squares[i] <-- (state[i] + 11) * (state[i] + 11);
        } else {
            squares[i] <== (state[i] + 7 * i + 4) * (state[i] + 7 * i + 4);
        }
        state[i + 1] <== squares[i] * (state[i] + 7 * i + 4);
    }
    out <== state[3];
}

component main = Planted();
