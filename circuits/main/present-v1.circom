pragma circom 2.2.0;

include "../templates/present.circom";

component main {public [context, walletNonce, today, issuedBefore, issuersRoot, queryHash, kind, scope]} = Present();
