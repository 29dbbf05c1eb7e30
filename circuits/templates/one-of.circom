pragma circom 2.2.0;

/*
 * OneOf(n, values): `in` is one of n distinct constants; out is one-hot and says which.
 *
 * out[i]·(in − values[i]) = 0 lets only the indicator of in's own constant differ from 0, and the sum makes that one 1.
 * So the indicators are bits without a constraint for each, and an `in` that is none of the constants has no solution.
 *
 * @param  n        how many constants
 * @param  values   the constants, all different
 * @input  in       any field element
 * @output out[n]   out[i] = 1 exactly if in = values[i], else 0
 */
template OneOf(n, values) {
    signal input in;
    signal output out[n];

    // circomspect: CS0008: total === 1 below reads it; circomspect passes over a constraint that names no signal
    var total = 0;
    for (var i = 0; i < n; i++) {
        // circomspect: CS0005: a hint, fixed by the line after it and by the sum below
        out[i] <-- in == values[i] ? 1 : 0;
        out[i] * (in - values[i]) === 0;
        // circomspect: CS0008: as above
        total += out[i];
    }
    total === 1;
}
