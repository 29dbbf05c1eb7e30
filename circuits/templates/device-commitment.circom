pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * DeviceCommitment: out = Poseidon(CQ, deviceKey, salt).
 *
 * The joint between this proof and the proof that the device signed: both put out this value for the same key and salt.
 *
 * @input  deviceKey   hash of the device's public key, a field element
 * @input  salt        any field element; hiding assumes that it is fresh and uniform for each presentation
 * @output out         the fresh commitment
 */
template DeviceCommitment() {
    signal input deviceKey;
    signal input salt;
    signal output out;

    out <== Poseidon(3)([TAG_CQ(), deviceKey, salt]);
}
