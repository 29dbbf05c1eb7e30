pragma circom 2.2.0;

/* A limb of a long sum: the carry is a bit, the limb may be anything. */
template Planted() {
    signal input a;
    signal input b;
    signal output limb;
    signal output carry;
    carry <-- (a + b) >> 64;
    limb <-- (a + b) & 0xffffffffffffffff;
    carry * (carry - 1) === 0;
    a + b === limb + carry * 18446744073709551616;
}

component main {public [a, b]} = Planted();
