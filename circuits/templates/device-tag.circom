pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * DeviceTag: out = Poseidon(DT, secret, deviceKey, scope, 0, 0).
 *
 * The name under which one verifier recognises one device key of one holder again; keyed by the secret, so that nobody
 * who knows a device's public key can search for it.
 *
 * @input  secret      the holder secret
 * @input  deviceKey   hash of the device's public key, a field element
 * @input  scope       field element the verifier computed from its origin
 * @output out         the device tag
 */
template DeviceTag() {
    signal input secret;
    signal input deviceKey;
    signal input scope;
    signal output out;

    out <== Poseidon(6)([TAG_DT(), secret, deviceKey, scope, 0, 0]);
}
