pragma circom 2.2.0;

/* A loop that ends one early: the last factor is not part of the product. */
template Planted() {
    signal input factors[4];
    signal output product;
    signal partial[3];
    partial[0] <== factors[0];
    for (var i = 1; i < 3; i++) partial[i] <== partial[i - 1] * factors[i];
    product <== partial[2];
}

component main = Planted();
