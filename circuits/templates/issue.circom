pragma circom 2.2.0;

include "bound.circom";
include "holder-commitment.circom";
include "non-zero.circom";
include "nullifier.circom";

/*
 * Issue (issue-v1): the wallet's half of issuance. I know one secret that is behind the blinded commitment and behind
 * the tag by which this issuer knows me.
 *
 * @output holderCommitment   Poseidon(HC, holderSecret, holderBlinding)
 * @output issuerTag          Poseidon(NUL, 5, holderSecret, issuerScope, 0, 0)
 * @input  context            public; the issuance session's field element
 * @input  issuerScope        public; the issuer's field element
 * @input  holderSecret       private; not 0
 * @input  holderBlinding     private; any field element
 */
template Issue() {
    signal output holderCommitment;
    signal output issuerTag;
    signal input context;
    signal input issuerScope;
    signal input holderSecret;
    signal input holderBlinding;

    var ISSUER = 5;

    NonZero()(holderSecret);
    Bound()(context);
    holderCommitment <== HolderCommitment()(holderSecret, holderBlinding);
    issuerTag <== Nullifier()(ISSUER, holderSecret, issuerScope);
}
