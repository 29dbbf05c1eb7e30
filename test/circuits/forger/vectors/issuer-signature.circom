pragma circom 2.2.0;

include "../../../../circuits/templates/issuer-signature.circom";

component main {public [message]} = IssuerSignature();
