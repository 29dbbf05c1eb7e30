pragma circom 2.2.0;

/*
 * Whether in is 0, with its hint free exactly where it is, and an unused input's neighbour that nothing constrains.
 *
 * @input  idle      any field element
 * @input  in        any field element
 * @output isZero    1 if in is 0, else 0
 * @output loose     what the prover likes
 */
template ZeroTest() {
    signal input idle;
    signal input in;
    signal output isZero;
    signal output loose;

    signal inverse <-- in == 0 ? 0 : 1 / in;
    isZero <== 1 - in * inverse;
    in * isZero === 0;
    loose <-- idle;
}

component main = ZeroTest();
