pragma circom 2.2.0;

include "circomlib/circuits/eddsaposeidon.circom";

component main {public [enabled, M]} = EdDSAPoseidonVerifier();
