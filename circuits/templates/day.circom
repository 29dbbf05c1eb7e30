pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/*
 * Day: `in` is an integer below 2^32, the range of every day number (UTC days since 1900-01-01).
 *
 * @input in   any field element
 */
template Day() {
    signal input in;

    _ <== Num2Bits(32)(in);
}
