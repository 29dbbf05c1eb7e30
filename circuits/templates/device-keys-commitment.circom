pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * DeviceKeysCommitment: out = Poseidon(DEV, Poseidon(KEYS, keys[0], …, keys[3], 0), salt).
 *
 * What a credential says about its holder's devices. The issuer, who knows the keys and the salt, recomputes it.
 *
 * @input  keys[4]   hashes of the device keys; 0 stands for "no key in this place"
 * @input  salt      any field element, drawn once by the wallet when the credential was issued
 * @output out       the commitment inside the credential
 */
template DeviceKeysCommitment() {
    signal input keys[4];
    signal input salt;
    signal output out;

    signal inner <== Poseidon(6)([TAG_KEYS(), keys[0], keys[1], keys[2], keys[3], 0]);
    out <== Poseidon(3)([TAG_DEV(), inner, salt]);
}
