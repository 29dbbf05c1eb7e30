import { decodeJwt } from 'jose'
import { type FieldElement, randomField } from '../../src/protocol/field.ts'
import type { Answer, Presentation } from '../../src/protocol/presentation.ts'
import { type CredentialItem, itemsOf, partsOf } from '../../src/protocol/query.ts'
import { parseRequest, requestContext } from '../../src/protocol/request.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { answerCredential, answerLogin } from '../../src/wallet/answers.ts'
import type { Statement } from '../../src/wallet/circuit-inputs.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import { type ListedIssuer, standingOf } from '../../src/wallet/standing.ts'
import type { TestPerson } from './person.ts'

/** Makes the proof of a statement: the real prover from its inputs, or a simulator from its public signals. */
export type ProveStatement = (
  circuit: CircuitId,
  statement: { readonly inputs: Statement<unknown>['inputs']; readonly signals: readonly FieldElement[] },
) => Promise<Uint8Array<ArrayBuffer>>

export type PresentationOptions = {
  readonly person: Pick<TestPerson, 'holderSecret' | 'deviceKey' | 'held'>
  /** What the wallet has fetched of issuers; those among them that an item names are the ones proved against. */
  readonly issuers: readonly ListedIssuer[]
  /** The request as signed; only its payload and its bytes count here. */
  readonly jws: string
  readonly prove: ProveStatement
  /** Items to answer; all unless given. */
  readonly items?: readonly string[]
  /** The credential for one part of an item; the person's own unless given. */
  readonly choose?: (item: CredentialItem, part: number) => HeldCredential
}

/** The presentation of an honest wallet, without its checks: a test that wants nonsense asks for it and gets it. */
export async function makePresentation(options: PresentationOptions): Promise<Presentation> {
  const { person, jws, choose = () => person.held } = options
  const request = parseRequest(decodeJwt(jws))
  const walletNonce = randomField()
  const facts = {
    holderSecret: person.holderSecret,
    context: requestContext(jws, request),
    origin: request.iss,
    deviceKey: person.deviceKey,
    deviceSalt: randomField(),
  }
  const proofs = {
    prove: ({ circuit, ...statement }: { circuit: CircuitId } & Parameters<ProveStatement>[1]) =>
      options.prove(circuit, statement),
  }

  const asked = itemsOf(request.query).filter(({ id }) => options.items?.includes(id) !== false)
  const answers: Answer[] = []
  for (const item of asked) {
    if (item.type === 'login') {
      answers.push(await answerLogin(proofs, { item: item.id, facts }, {}))
      continue
    }
    for (const part of partsOf(item).keys()) {
      const held = choose(item, part)
      const standing = standingOf(held, issuersOf([item]))
      const { today } = request
      answers.push(await answerCredential(proofs, { ...facts, walletNonce, today, item, part, held, standing }, {}))
    }
  }

  function issuersOf(items: readonly CredentialItem[]): ListedIssuer[] {
    const named = new Set(items.flatMap((item) => item.issuers))
    return options.issuers.filter(({ metadata }) => named.has(metadata.origin))
  }

  const epochs = issuersOf(asked.filter((item) => item.type !== 'login')).map(({ epoch: { issuer, epoch } }) => ({
    issuer,
    epoch,
  }))
  return { version: 1, session: request.session, walletNonce, keySet: request.keySet, epochs, answers }
}
