pragma circom 2.2.0;

/* A choice written as a program writes it: nothing says that `out` is one of the two. */
template Planted() {
    signal input choose;
    signal input a;
    signal input b;
    signal output out;
    choose * (choose - 1) === 0;
    out <-- choose == 1 ? a : b;
    signal both <== a * b;
    signal output product <== both * choose;
}

component main = Planted();
