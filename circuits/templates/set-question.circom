pragma circom 2.2.0;

include "set-check.circom";

/*
 * SetQuestion: of four questions at most one is about a set, and that one is answered with yes. There is one SetCheck in
 * a proof, for it costs as much as ten other questions.
 *
 * @input isSet[4]         bits: the question's mode is SET
 * @input negates[4]       bits, checked by the caller
 * @input values[4]        the claim that each question asks about
 * @input member, next     ends of the gap that answers it
 * @input children[4][4]   path of the gap
 * @input setRoot          root of the set
 */
template SetQuestion() {
    signal input isSet[4];
    signal input negates[4];
    signal input values[4];
    signal input member;
    signal input next;
    signal input children[4][4];
    signal input setRoot;

    var count = 0;
    var negate = 0;
    var value = 0;
    signal negateOf[4];
    signal valueOf[4];
    for (var i = 0; i < 4; i++) {
        negateOf[i] <== isSet[i] * negates[i];
        valueOf[i] <== isSet[i] * values[i];
        count += isSet[i];
        negate += negateOf[i];
        value += valueOf[i];
    }
    // Four bits cannot wrap in the field: their sum is 0 or 1.
    signal enabled <== count;
    enabled * (enabled - 1) === 0;

    SetCheck()(enabled, negate, value, member, next, children, setRoot);
}
