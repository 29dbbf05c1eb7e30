pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "day.circom";

/*
 * DayWithin: first ≤ day ≤ last, and all three are integers below 2^32.
 *
 * `first` and `last` are range-checked, and so are the distances a = day − first and b = last − day. Then, over the
 * integers and far below the field's order, day = first + a < 2^33 and last = day + b < 2^34. So nothing wraps:
 * first ≤ day ≤ last < 2^32, and `day` needs no check of its own.
 *
 * @input first   day
 * @input day     day
 * @input last    day
 */
template DayWithin() {
    signal input first;
    signal input day;
    signal input last;

    Day()(first);
    Day()(last);
    _ <== Num2Bits(32)(day - first);
    _ <== Num2Bits(32)(last - day);
}
