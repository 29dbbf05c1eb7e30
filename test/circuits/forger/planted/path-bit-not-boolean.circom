pragma circom 2.2.0;

include "parts/two-level-path.circom";

/* A side of 2 mixes node and sibling into children of the prover's choice. */
component main = TwoLevelPath();
