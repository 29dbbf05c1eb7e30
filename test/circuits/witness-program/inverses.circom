pragma circom 2.2.0;

/** Hints alone: what circom's division gives, of each value. Nothing is constrained. */
template Inverses(n) {
    signal input in[n];
    signal output out[n];
    for (var i = 0; i < n; i++) {
        out[i] <-- 1 / in[i];
    }
}

component main = Inverses(64);
