pragma circom 2.2.0;

include "../templates/login.circom";

component main {public [context, scope]} = Login();
