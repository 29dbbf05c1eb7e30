pragma circom 2.2.0;

/*
 * Two hints with one constraint between them: neither can change alone, but both can together.
 *
 * @input  in    any field element
 * @output out   left + 2·right, where left·right = in
 */
template ProductOfTwo() {
    signal input in;
    signal output out;

    signal left <-- in;
    signal right <-- 1;
    left * right === in;
    out <== (left + 2 * right) * in;
}

component main = ProductOfTwo();
