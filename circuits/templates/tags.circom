pragma circom 2.2.0;

/*
 * Domain tags of the tagged Poseidon hashes: the name's ASCII bytes as one big-endian integer. The same numbers stand
 * in src/protocol/poseidon.ts; a test compares the two lists.
 *
 * A tag is the first input of its hash. No hash may have 4, 5 or 16 inputs beside the untagged uses that own these
 * arities (tree nodes, circomlib's EdDSA, the sixteen claims), so a tagged hash of 4 or 5 is padded with zeros to 6.
 */

function TAG_HC() { return 0x4843; }
function TAG_NUL() { return 0x4e554c; }
function TAG_DT() { return 0x4454; }
function TAG_CQ() { return 0x4351; }
function TAG_KEY() { return 0x4b4559; }
function TAG_KEYS() { return 0x4b455953; }
function TAG_DEV() { return 0x444556; }
function TAG_CRED() { return 0x43524544; }
function TAG_ISS() { return 0x495353; }
function TAG_QRY() { return 0x515259; }
function TAG_LINK() { return 0x4c494e4b; }
function TAG_CL() { return 0x434c; }
function TAG_GAP() { return 0x474150; }
function TAG_GM() { return 0x474d; }
