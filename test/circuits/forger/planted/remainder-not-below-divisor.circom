pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/* Both parts have their range, but a remainder of 8 bits need not be less than the divisor. */
template Planted() {
    signal input number;
    signal input divisor;
    signal output quotient;
    signal output remainder;
    component divisorBits = Num2Bits(8);
    divisorBits.in <== divisor;
    quotient <-- number \ divisor;
    remainder <-- number % divisor;
    component quotientBits = Num2Bits(8);
    quotientBits.in <== quotient;
    component remainderBits = Num2Bits(8);
    remainderBits.in <== remainder;
    number === quotient * divisor + remainder;
}

component main {public [number, divisor]} = Planted();
