pragma circom 2.2.0;

include "bound.circom";
include "device-commitment.circom";
include "device-tag.circom";
include "non-zero.circom";
include "nullifier.circom";

/*
 * Login (login-v1): I hold the secret behind this pseudonym here; this tag belongs to the same secret and to the device
 * key inside this fresh commitment.
 *
 * @output nullifier          Poseidon(NUL, 1, holderSecret, scope, 0, 0)
 * @output deviceTag          Poseidon(DT, holderSecret, deviceKey, scope, 0, 0)
 * @output deviceCommitment   Poseidon(CQ, deviceKey, deviceSalt)
 * @input  context            public; the session's field element
 * @input  scope              public; the verifier's field element for logins at its origin
 * @input  holderSecret       private; not 0
 * @input  deviceKey          private; hash of the device's public key; not 0
 * @input  deviceSalt         private; any field element, fresh for each presentation
 */
template Login() {
    signal output nullifier;
    signal output deviceTag;
    signal output deviceCommitment;
    signal input context;
    signal input scope;
    signal input holderSecret;
    signal input deviceKey;
    signal input deviceSalt;

    var LOGIN = 1;

    NonZero()(holderSecret);
    NonZero()(deviceKey);
    Bound()(context);
    nullifier <== Nullifier()(LOGIN, holderSecret, scope);
    deviceTag <== DeviceTag()(holderSecret, deviceKey, scope);
    deviceCommitment <== DeviceCommitment()(deviceKey, deviceSalt);
}
