pragma circom 2.2.0;

include "group-member.circom";
include "holder-link.circom";
include "non-zero.circom";
include "nullifier.circom";
include "presentation-kind.circom";
include "quaternary-membership.circom";

/*
 * Group (group-v1): I am one of the up to 2^20 members of this group. Here is my pseudonym for the act, and a link that
 * holds within this presentation only.
 *
 * Outputs, public
 * @output nullifier        Poseidon(NUL, kind, holderSecret, scope, 0, 0)
 * @output link             Poseidon(LINK, holderSecret, context, walletNonce, 0, 0)
 *
 * Inputs, public; the verifier computes each from its own session, all but walletNonce, which the presentation names
 * @input  context          session's field element
 * @input  walletNonce      the wallet's fresh number, one for all proofs of a presentation
 * @input  kind             1 login, 2 action, 3 vote, 4 spend
 * @input  scope            field element of origin and action
 * @input  groupRoot        root of the member list
 *
 * Inputs, private
 * @input  holderSecret     not 0
 * @input  groupId          field element of the group's name; bound by the leaf, which is behind groupRoot
 * @input  children[10][4]  the member's path (QuaternaryMembership)
 */
template Group() {
    signal output nullifier;
    signal output link;

    signal input context;
    signal input walletNonce;
    signal input kind;
    signal input scope;
    signal input groupRoot;

    signal input holderSecret;
    signal input groupId;
    signal input children[10][4];

    NonZero()(holderSecret);
    signal member <== GroupMember()(holderSecret, groupId);
    signal root <== QuaternaryMembership(10)(member, children);
    root === groupRoot;

    PresentationKind()(kind);
    nullifier <== Nullifier()(kind, holderSecret, scope);
    link <== HolderLink()(holderSecret, context, walletNonce);
}
