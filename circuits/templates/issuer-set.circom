pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "quaternary-membership.circom";
include "tags.circom";

/*
 * IssuerSet: the root of a set of up to sixteen issuer keys, of which this is one:
 * leaf = Poseidon(ISS, key[0], key[1], revocationRoot, keyNotBefore, keyNotAfter).
 *
 * The revocation root is inside the leaf, so that it does not name the issuer.
 *
 * @input  key[2]           the issuer's public key, affine coordinates
 * @input  revocationRoot   root of the issuer's status list
 * @input  keyNotBefore     first day on which the key may have signed
 * @input  keyNotAfter      last such day
 * @input  children[2][4]   the leaf's path (QuaternaryMembership)
 * @output root             field element to be compared with the public issuersRoot
 */
template IssuerSet() {
    signal input key[2];
    signal input revocationRoot;
    signal input keyNotBefore;
    signal input keyNotAfter;
    signal input children[2][4];
    signal output root;

    signal leaf <== Poseidon(6)([TAG_ISS(), key[0], key[1], revocationRoot, keyNotBefore, keyNotAfter]);
    root <== QuaternaryMembership(2)(leaf, children);
}
