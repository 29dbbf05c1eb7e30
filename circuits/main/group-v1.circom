pragma circom 2.2.0;

include "../templates/group.circom";

component main {public [context, walletNonce, kind, scope, groupRoot]} = Group();
