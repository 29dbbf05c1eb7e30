pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * IssuerSet: the root of the set of accepted issuers, here a set of one member:
 * root = Poseidon(ISS, key[0], key[1], revocationRoot, keyNotBefore, keyNotAfter).
 *
 * The revocation root is inside the member, so that a proof about a set of several does not name the issuer by it.
 *
 * @input  key[2]           the issuer's public key, affine coordinates
 * @input  revocationRoot   root of the issuer's status list
 * @input  keyNotBefore     first day on which the key may have signed
 * @input  keyNotAfter      last such day
 * @output root             field element to be compared with the public issuersRoot
 */
template IssuerSet() {
    signal input key[2];
    signal input revocationRoot;
    signal input keyNotBefore;
    signal input keyNotAfter;
    signal output root;

    root <== Poseidon(6)([TAG_ISS(), key[0], key[1], revocationRoot, keyNotBefore, keyNotAfter]);
}
