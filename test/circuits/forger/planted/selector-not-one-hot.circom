pragma circom 2.2.0;

/* The selector adds up to 1, but 2 and −1 do too. */
template Planted() {
    signal input list[3];
    signal input selector[3];
    signal output element;
    selector[0] + selector[1] + selector[2] === 1;
    signal parts[3];
    var sum = 0;
    for (var i = 0; i < 3; i++) {
        parts[i] <== selector[i] * list[i];
        sum += parts[i];
    }
    element <== sum;
}

component main = Planted();
