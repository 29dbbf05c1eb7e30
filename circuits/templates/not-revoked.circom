pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "bit-choice.circom";
include "quaternary-path.circom";

/*
 * NotRevoked: the root of a status list in which the credential's bit is 0.
 *
 * The list is a bitmap of 4,096 leaves of 252 bits each, in a tree of six levels: 1,032,192 identifiers. 252 bits are
 * the most that have one decomposition only, for 2^252 < r. The identifier is leaf·256 + bit; bits 252 to 255 do not
 * exist and count as 1, so that an identifier that names one has no proof.
 *
 * @input  id               the identifier, < 2^20; constrained here
 * @input  leaf             252 bits of the list, the first one the least significant; constrained here
 * @input  children[6][4]   the leaf's path (QuaternaryPath)
 * @output root             root of the status list
 */
template NotRevoked() {
    signal input id;
    signal input leaf;
    signal input children[6][4];
    signal output root;

    signal idBits[20] <== Num2Bits(20)(id);
    signal leafBits[252] <== Num2Bits(252)(leaf);

    signal bits[256];
    signal bitIndex[8];
    signal leafIndex[12];
    for (var i = 0; i < 256; i++) bits[i] <== i < 252 ? leafBits[i] : 1;
    for (var i = 0; i < 8; i++) bitIndex[i] <== idBits[i];
    for (var i = 0; i < 12; i++) leafIndex[i] <== idBits[8 + i];

    signal revoked <== BitChoice(8)(bits, bitIndex);
    revoked === 0;

    root <== QuaternaryPath(6)(leaf, leafIndex, children);
}
