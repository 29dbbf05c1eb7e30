pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * HolderLink: out = Poseidon(LINK, secret, context, walletNonce, 0, 0).
 *
 * Equal in all proofs of one presentation by one holder, and in no others.
 *
 * @input  secret        the holder secret
 * @input  context       field element the verifier computed from its session
 * @input  walletNonce   the wallet's fresh number; it keeps a verifier that repeats a context from linking
 * @output out           the holder link
 */
template HolderLink() {
    signal input secret;
    signal input context;
    signal input walletNonce;
    signal output out;

    out <== Poseidon(6)([TAG_LINK(), secret, context, walletNonce, 0, 0]);
}
