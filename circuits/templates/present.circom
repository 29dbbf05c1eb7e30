pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "credential-hash.circom";
include "credential-link.circom";
include "day-order.circom";
include "day-within.circom";
include "day.circom";
include "device-commitment.circom";
include "device-key-choice.circom";
include "device-keys-commitment.circom";
include "holder-commitment.circom";
include "holder-link.circom";
include "issuer-set.circom";
include "issuer-signature.circom";
include "non-zero.circom";
include "not-revoked.circom";
include "nullifier.circom";
include "predicate.circom";
include "presentation-kind.circom";
include "query-hash.circom";
include "set-question.circom";

/*
 * Present (present-v1): I hold a credential of an accepted issuer, made out to my secret, valid today and not revoked,
 * and it answers these four questions with yes. Here are my pseudonym, two links that hold within this presentation only, a fresh
 * commitment to one of the credential's device keys, and the values I was asked to disclose.
 *
 * Outputs, public
 * @output nullifier           Poseidon(NUL, kind, holderSecret, scope, 0, 0)
 * @output link                Poseidon(LINK, holderSecret, context, walletNonce, 0, 0)
 * @output credentialLink      Poseidon(CL, holderSecret, credential, context, walletNonce, 0)
 * @output deviceCommitment    Poseidon(CQ, chosen device key, deviceSalt)
 * @output disclosed[4]        the claim of each DISCLOSE question, else 0
 *
 * Inputs, public; the verifier computes each from its own session, all but walletNonce, which the presentation names
 * @input  context             session's field element
 * @input  walletNonce         the wallet's fresh number, one for all proofs of a presentation
 * @input  today               the verifier's day, < 2^32
 * @input  issuedBefore        the last accepted day of issuance, < 2^32
 * @input  issuersRoot         root of the accepted issuers
 * @input  queryHash           schema, questions and set root
 * @input  kind                1 login, 2 action, 3 vote, 4 spend
 * @input  scope               field element of origin and action
 *
 * Inputs, private
 * @input  holderSecret        not 0
 * @input  holderBlinding      any field element
 * @input  claims[16]          integers < 2^64 or field elements, by the schema
 * @input  presenceMask        < 2^16, bit i for slot i
 * @input  validFrom           day, < 2^32
 * @input  validUntil          day, < 2^32
 * @input  issuedAt            day, < 2^32
 * @input  revocationId        identifier in the status list, < 2^20
 * @input  deviceKeys[4]       hashes of device public keys, 0 where there is none
 * @input  deviceSelector[4]   one-hot
 * @input  deviceKeysSalt      salt of the credential's commitment to the device keys
 * @input  deviceSalt          salt of deviceCommitment, fresh for each presentation
 * @input  issuerKey[2]        point of Baby Jubjub
 * @input  signatureR8[2]      point of Baby Jubjub
 * @input  signatureS          < l
 * @input  keyNotBefore        day, < 2^32
 * @input  keyNotAfter         day, < 2^32
 * @input  issuerPath[2][4]    path of the issuer's key in the set of accepted ones
 * @input  statusLeaf          the 252 bits of the issuer's status list among which the credential's stands
 * @input  statusPath[6][4]    path of that leaf
 * @input  schema              hash of the credential's schema
 * @input  slots[4], modes[4], negates[4], lows[4], highs[4]   the four questions (Predicate)
 * @input  setRoot             root of the set that one of them may be about (SetCheck), else 0
 * @input  setMember, setNext  ends of the gap that answers it; free where there is no such question
 * @input  setPath[4][4]       path of the gap; where there is no such question, any in which the gap stands
 */
template Present() {
    signal output nullifier;
    signal output link;
    signal output credentialLink;
    signal output deviceCommitment;
    signal output disclosed[4];

    signal input context;
    signal input walletNonce;
    signal input today;
    signal input issuedBefore;
    signal input issuersRoot;
    signal input queryHash;
    signal input kind;
    signal input scope;

    signal input holderSecret;
    signal input holderBlinding;
    signal input claims[16];
    signal input presenceMask;
    signal input validFrom;
    signal input validUntil;
    signal input issuedAt;
    signal input revocationId;
    signal input deviceKeys[4];
    signal input deviceSelector[4];
    signal input deviceKeysSalt;
    signal input deviceSalt;
    signal input issuerKey[2];
    signal input signatureR8[2];
    signal input signatureS;
    signal input keyNotBefore;
    signal input keyNotAfter;
    signal input issuerPath[2][4];
    signal input statusLeaf;
    signal input statusPath[6][4];
    signal input schema;
    signal input slots[4];
    signal input modes[4];
    signal input negates[4];
    signal input lows[4];
    signal input highs[4];
    signal input setRoot;
    signal input setMember;
    signal input setNext;
    signal input setPath[4][4];

    // 1. The credential is mine, and one of its device keys is behind the fresh commitment.
    NonZero()(holderSecret);
    signal holderCommitment <== HolderCommitment()(holderSecret, holderBlinding);
    signal deviceKeysCommitment <== DeviceKeysCommitment()(deviceKeys, deviceKeysSalt);
    signal deviceKey <== DeviceKeyChoice()(deviceKeys, deviceSelector);
    deviceCommitment <== DeviceCommitment()(deviceKey, deviceSalt);

    // 2, 3. This issuer signed exactly this credential.
    signal credential <== CredentialHash()(
        schema, claims, presenceMask, holderCommitment, deviceKeysCommitment,
        validFrom, validUntil, issuedAt, revocationId
    );
    IssuerSignature()(issuerKey, signatureR8, signatureS, credential);

    // 5. The issuer has not revoked it: its bit is 0 in the list with this root.
    signal revocationRoot <== NotRevoked()(revocationId, statusLeaf, statusPath);

    // 4. The issuer, with that list, is accepted.
    signal root <== IssuerSet()(issuerKey, revocationRoot, keyNotBefore, keyNotAfter, issuerPath);
    root === issuersRoot;

    // 4, 6. Every date is in range and in order.
    DayWithin()(validFrom, today, validUntil);
    DayWithin()(keyNotBefore, issuedAt, keyNotAfter);
    Day()(issuedBefore);
    DayOrder()(issuedAt, issuedBefore);

    // 7. The four questions are those of the query, and the answer to each is yes.
    signal present[16] <== Num2Bits(16)(presenceMask);
    signal selection[4];
    signal isSet[4];
    signal values[4];
    for (var i = 0; i < 4; i++) {
        (disclosed[i], selection[i], isSet[i], values[i]) <== Predicate()(
            slots[i], modes[i], negates[i], lows[i], highs[i], claims, present
        );
    }
    SetQuestion()(isSet, negates, values, setMember, setNext, setPath, setRoot);
    signal query <== QueryHash()(schema, selection, lows, highs, setRoot);
    query === queryHash;

    // 8. The pseudonym and the links.
    PresentationKind()(kind);
    nullifier <== Nullifier()(kind, holderSecret, scope);
    link <== HolderLink()(holderSecret, context, walletNonce);
    credentialLink <== CredentialLink()(holderSecret, credential, context, walletNonce);
}
