pragma circom 2.2.0;

/*
 * Nothing is left open. That −in has the same square is another statement, and as true.
 *
 * @input  in    any field element
 * @output out   in²
 */
template Square() {
    signal input in;
    signal output out;

    out <== in * in;
}

component main = Square();
