pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/eddsaposeidon.circom";

/*
 * IssuerSignature: (r8, s) is an EdDSA-Poseidon signature of `message` under `key`, with every check on the points that
 * circomlib's verifier leaves to its caller.
 *
 * - `key` and `r8` lie on Baby Jubjub. Without this the addition formulas below are not complete, and points off the
 *   curve satisfy them.
 * - s < l, the order of the subgroup (inside the verifier): s and s + l are not both signatures.
 * - the verifier's `enabled` is the constant 1, so no input can switch the check off.
 * - 8 · key is not the identity (inside the verifier): a key of small order would accept any message.
 *
 * Assumed, not constrained: `key` has no component of small order. Who builds the issuer root checks that outside
 * (a key with such a component could only be its own issuer's choice). r8 needs no such check, for r8 = s·B − 8h·key.
 *
 * @input key[2]    the issuer's public key, affine coordinates
 * @input r8[2]     the signature's point, affine coordinates
 * @input s         the signature's scalar, 0 ≤ s < l
 * @input message   the credential's hash
 */
template IssuerSignature() {
    signal input key[2];
    signal input r8[2];
    signal input s;
    signal input message;

    BabyCheck()(key[0], key[1]);
    BabyCheck()(r8[0], r8[1]);
    EdDSAPoseidonVerifier()(1, key[0], key[1], s, r8[0], r8[1], message);
}
