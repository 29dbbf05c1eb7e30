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

    signal inverse;
    // The hint 1/in is fixed by the next line: it is the only value with in · inverse = 1, and for in = 0 there is none.
    inverse <-- in != 0 ? 1 / in : 0;
    in * inverse === 1;
}
