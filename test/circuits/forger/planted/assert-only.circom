pragma circom 2.2.0;

/* `assert` stops the honest program and is no constraint. */
template Planted() {
    signal input age;
    signal output square;
    assert(age >= 18 && age < 256);
    square <== age * age;
}

component main = Planted();
