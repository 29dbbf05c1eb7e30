pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * HolderCommitment: out = Poseidon(HC, secret, blinding).
 *
 * The blinding is what keeps two issuers who hold commitments of the same holder from matching them.
 *
 * @input  secret     the holder secret; any field element, the caller shows that it is not 0
 * @input  blinding   any field element; hiding assumes that the wallet drew it uniformly
 * @output out        the holder commitment
 */
template HolderCommitment() {
    signal input secret;
    signal input blinding;
    signal output out;

    out <== Poseidon(3)([TAG_HC(), secret, blinding]);
}
