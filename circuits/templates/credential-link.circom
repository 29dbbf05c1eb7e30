pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * CredentialLink: out = Poseidon(CL, secret, credential, context, walletNonce, 0).
 *
 * Equal in all proofs of one presentation that rest on one credential. The secret is inside because the issuer knows
 * the credential's hash and could otherwise recognise it.
 *
 * @input  secret        the holder secret
 * @input  credential    output of CredentialHash
 * @input  context       field element the verifier computed from its session
 * @input  walletNonce   the wallet's fresh number
 * @output out           the credential link
 */
template CredentialLink() {
    signal input secret;
    signal input credential;
    signal input context;
    signal input walletNonce;
    signal output out;

    out <== Poseidon(6)([TAG_CL(), secret, credential, context, walletNonce, 0]);
}
