pragma circom 2.2.0;

/*
 * A square root whose sign is the prover's: two solutions, each alone in its surroundings.
 *
 * @input  in    any field element
 * @output out   in or −in, times in + 1
 */
template EitherRoot() {
    signal input in;
    signal output out;

    signal square <== in * in;
    signal root <-- in;
    root * root === square;
    out <== root * (in + 1);
}

component main = EitherRoot();
