pragma circom 2.2.0;

/*
 * An assertion in place of a constraint: only the witness program knows it.
 *
 * @input  in       any field element
 * @output double   what the prover likes
 */
template AssignmentsOnly() {
    signal input in;
    signal output double;

    double <-- 2 * in;
    assert(double == 2 * in);
}

component main = AssignmentsOnly();
