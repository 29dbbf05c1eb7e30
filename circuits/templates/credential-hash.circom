pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * CredentialHash: out = Poseidon(CRED, schema, Poseidon(claims), presenceMask, holderCommitment, deviceKeysCommitment,
 * validFrom, validUntil, issuedAt, revocationId), the message that the issuer signs.
 *
 * Every part is taken whole, so nothing in a credential can be changed without another signature. Ranges are for the
 * caller to check.
 *
 * @input  schema                 hash of the schema, a field element
 * @input  claims[16]             claim slots, field elements; the hash over them is the only untagged one of arity 16
 * @input  presenceMask           bit i says that slot i is present
 * @input  holderCommitment       output of HolderCommitment
 * @input  deviceKeysCommitment   output of DeviceKeysCommitment
 * @input  validFrom              first day of validity
 * @input  validUntil             last day of validity
 * @input  issuedAt               day of issuance
 * @input  revocationId           identifier in the issuer's status list
 * @output out                    the credential's hash
 */
template CredentialHash() {
    signal input schema;
    signal input claims[16];
    signal input presenceMask;
    signal input holderCommitment;
    signal input deviceKeysCommitment;
    signal input validFrom;
    signal input validUntil;
    signal input issuedAt;
    signal input revocationId;
    signal output out;

    signal claimsHash <== Poseidon(16)(claims);
    out <== Poseidon(10)([
        TAG_CRED(), schema, claimsHash, presenceMask, holderCommitment, deviceKeysCommitment,
        validFrom, validUntil, issuedAt, revocationId
    ]);
}
