pragma circom 2.2.0;

/*
 * A hint that its constraint fixes: nothing is free, and 0 has no proof. One input is used by nothing.
 *
 * @input  in      any field element but 0
 * @input  idle    any field element
 * @output out     1/in
 */
template Inverse() {
    signal input in;
    signal input idle;
    signal output out;

    out <-- in == 0 ? 0 : 1 / in;
    in * out === 1;
}

component main = Inverse();
