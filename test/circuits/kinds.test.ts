import { expect, test } from 'vitest'
import { toField } from '../../src/protocol/field.ts'
import { nullifier } from '../../src/protocol/holder.ts'
import { loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { acceptedGroupCase, groupInputs } from './group-case.ts'
import { acceptedCase, presentInputs } from './present-case.ts'

/*
 * One secret and one scope: what each circuit that takes a kind, or has one built in, puts out. A nullifier of one kind
 * can not be had by asking for another, in whichever circuit.
 */

const scope = toField(901)
const holderSecret = toField(902)
const context = toField(903)

test('kinds are distinct in every circuit, and the same kind is the same pseudonym', async () => {
  const [issue, login, group, present] = await Promise.all([
    loadCircuit('issue-v1'),
    loadCircuit('login-v1'),
    loadCircuit('group-v1'),
    loadCircuit('present-v1'),
  ])
  const issuing = { context, issuerScope: scope, holderSecret, holderBlinding: toField(904) }
  const loggingIn = { context, scope, holderSecret, deviceKey: toField(905), deviceSalt: toField(906) }
  const issuerTag = issue.publicSignals(await expectProvable(issue, issuing)).issuerTag
  const loginName = login.publicSignals(await expectProvable(login, loggingIn)).nullifier
  expect(issuerTag).toBe(nullifier('issuer', holderSecret, scope))
  const names: (bigint | undefined)[] = []
  for (const kind of [1n, 2n, 3n, 4n]) {
    const inGroup = groupInputs(acceptedGroupCase({ kind, scope, holderSecret }))
    const presented = presentInputs(acceptedCase({ kind, scope, holderSecret }))
    const name = group.publicSignals(await expectProvable(group, inGroup)).nullifier
    expect(present.publicSignals(await expectProvable(present, presented)).nullifier).toBe(name)
    names.push(name)
  }
  expect(names[0]).toBe(loginName)
  expect(new Set([...names, issuerTag]).size).toBe(5)
})

test('no circuit for presentations has the kind of an issuer', async () => {
  const [group, present] = await Promise.all([loadCircuit('group-v1'), loadCircuit('present-v1')])
  await expectUnprovable(group, groupInputs(acceptedGroupCase({ kind: 5n })), /^PresentationKind/)
  await expectUnprovable(present, presentInputs(acceptedCase({ kind: 5n })), /^PresentationKind/)
})
