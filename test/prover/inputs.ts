/** Inputs of issue-v1, large enough that their digits would be noticed in a message. */
export const ISSUE_INPUTS = {
  context: 13_131_313n,
  issuerScope: 14_141_414n,
  holderSecret: 15_151_515_151_515n,
  holderBlinding: 16_161_616_161_616n,
}
