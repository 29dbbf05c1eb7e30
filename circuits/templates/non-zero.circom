pragma circom 2.2.0;

/*
 * NonZero: `in` is not 0.
 *
 * Why it is sound: only a number other than 0 has an inverse in the field.
 *
 * @input in   any field element
 */
template NonZero() {
    signal input in;

    // circomspect: CS0017: one constraint fixes it, and nothing else reads it
    signal inverse;
    // circomspect: CS0005: only 1/in satisfies the next line, and for in = 0 nothing does
    inverse <-- in != 0 ? 1 / in : 0;
    in * inverse === 1;
}
