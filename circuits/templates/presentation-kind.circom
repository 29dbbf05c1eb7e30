pragma circom 2.2.0;

/*
 * PresentationKind: `in` is 1 (login), 2 (action), 3 (vote) or 4 (spend).
 *
 * 5 (issuer) is refused: a nullifier of that kind is the name an issuer knows the holder by, and no presentation may
 * put it out.
 *
 * @input in   any field element
 */
template PresentationKind() {
    signal input in;

    signal loginOrAction <== (in - 1) * (in - 2);
    signal voteOrSpend <== (in - 3) * (in - 4);
    loginOrAction * voteOrSpend === 0;
}
