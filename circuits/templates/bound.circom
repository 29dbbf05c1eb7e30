pragma circom 2.2.0;

/*
 * Bound: puts a public input into a constraint of its own.
 *
 * It proves nothing about the value. A public input that stands in no constraint is not held by the proof at all in
 * some set-ups, and a later reader could not tell it from one that was forgotten; so the context of a statement that
 * does not otherwise use it is squared here.
 *
 * @input in   any field element
 */
template Bound() {
    signal input in;

    // circomspect: CS0017: one constraint that holds `in` is all that is wanted; nothing reads the square
    signal square;
    square <== in * in;
}
