pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * Nullifier: out = Poseidon(NUL, kind, secret, scope, 0, 0).
 *
 * One holder has exactly one nullifier for each kind and scope, and nullifiers of different kinds or scopes cannot be
 * linked without the secret. The kind is inside the hash, so a login's pseudonym is never an action's.
 *
 * @input  kind     1 login, 2 action, 3 vote, 4 spend, 5 issuer; the caller restricts it
 * @input  secret   the holder secret
 * @input  scope    field element the verifier computed from its origin and action
 * @output out      the nullifier
 */
template Nullifier() {
    signal input kind;
    signal input secret;
    signal input scope;
    signal output out;

    out <== Poseidon(6)([TAG_NUL(), kind, secret, scope, 0, 0]);
}
