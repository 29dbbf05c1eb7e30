pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/*
 * QueryHash: out = Poseidon(QRY, schema, selection[0], low[0], high[0], …, selection[3], low[3], high[3], setRoot).
 *
 * It ties the schema and all four questions to one public number that the verifier computes from its own request.
 *
 * @input  schema         hash of the schema the credential must have
 * @input  selection[4]   outputs of Predicate
 * @input  low[4]         first operands
 * @input  high[4]        second operands
 * @input  setRoot        root of the set a predicate refers to; 0 where there is none
 * @output out            the query's hash
 */
template QueryHash() {
    signal input schema;
    signal input selection[4];
    signal input low[4];
    signal input high[4];
    signal input setRoot;
    signal output out;

    signal elements[15];
    elements[0] <== TAG_QRY();
    elements[1] <== schema;
    for (var i = 0; i < 4; i++) {
        elements[2 + 3 * i] <== selection[i];
        elements[3 + 3 * i] <== low[i];
        elements[4 + 3 * i] <== high[i];
    }
    elements[14] <== setRoot;
    out <== Poseidon(15)(elements);
}
