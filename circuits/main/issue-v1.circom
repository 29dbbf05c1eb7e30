pragma circom 2.2.0;

include "../templates/issue.circom";

component main {public [context, issuerScope]} = Issue();
