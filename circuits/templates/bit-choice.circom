pragma circom 2.2.0;

/*
 * BitChoice: out = bits[index], by halving: each bit of the index chooses between neighbours.
 *
 * @param  width          bits of the index
 * @input  bits[2^width]  any field elements
 * @input  index[width]   bits, least significant first; checked by the caller
 * @output out            the one chosen
 */
template BitChoice(width) {
    signal input bits[1 << width];
    signal input index[width];
    signal output out;

    // Level k holds 2^(width − k) values, one behind the other: level k begins at 2^(width+1) − 2^(width+1−k).
    var total = (2 << width) - 1;
    signal values[total];
    for (var i = 0; i < 1 << width; i++) values[i] <== bits[i];
    var from = 0;
    for (var level = 0; level < width; level++) {
        var to = from + (1 << (width - level));
        for (var i = 0; i < 1 << (width - level - 1); i++) {
            values[to + i] <== values[from + 2 * i] + index[level] * (values[from + 2 * i + 1] - values[from + 2 * i]);
        }
        from = to;
    }
    out <== values[total - 1];
}
