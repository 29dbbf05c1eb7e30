pragma circom 2.2.0;

/* q·b = a says nothing of q where both are 0. */
template Planted() {
    signal input a;
    signal input b;
    signal output q;
    q <-- b != 0 ? a / b : 0;
    q * b === a;
}

component main = Planted();
