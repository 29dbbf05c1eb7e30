import { deviceKeyHash } from '../../src/protocol/device.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { type Presentation, serializePresentation } from '../../src/protocol/presentation.ts'
import { makePresentation } from '../fixtures/presentation.ts'
import { makeHolder, proverFor, receiveCredential } from '../server/holder.ts'
import { send } from '../server/http-client.ts'
import { fetchIssuer, SiteVisitor } from '../server/site-visitor.ts'
import type { RequestName } from './club.ts'
import type { Deployment } from './deployment.ts'
import type { ServedIssuer } from './five-issuers.ts'

const FIELDS = {
  givenName: 'Robin',
  familyName: 'Ashdown',
  birthDate: '1990-05-17',
  nationality: 'NL',
  residence: 'NL',
  documentNumber: 'TS31415926',
  birthPlace: 'Utrecht',
}

/**
 * A holder who has a card of each of two issuers answers an item of two proofs with the wallet's own proving code, without
 * its checks: with a card for each proof, with the second's link made equal to the first's, and with one card. Gives the
 * codes of the site's answers.
 */
export async function mixCredentials(
  { place, origins }: Deployment,
  options: {
    club: Origin
    request: RequestName
    issuers: readonly ServedIssuer[]
    pair: readonly [ServedIssuer, ServedIssuer]
  },
): Promise<{ together: string; withOneLink: string; alone: string }> {
  const { club, request, issuers, pair } = options
  const holder = makeHolder()
  const prover = proverFor(place.keySet)
  const validUntil = new Date(place.clock().getTime() + 365 * 86_400_000).toISOString().slice(0, 10)
  const receive = ({ origin: issuer }: ServedIssuer) =>
    receiveCredential({ issuer, walletOrigin: origins.wallet, holder, prover, fields: { ...FIELDS, validUntil } })

  try {
    const [one, other] = [await receive(pair[0]), await receive(pair[1])]
    const opened = await new SiteVisitor(club).postJson('/touchstone/sessions', { request })
    const { session, jws } = opened.json() as { session: string; jws: string }
    const wallet = {
      person: { holderSecret: holder.secret, deviceKey: deviceKeyHash(holder.key.publicKey), held: one },
      issuers: await Promise.all(issuers.map(({ origin }) => fetchIssuer(origin))),
      jws,
      prove: async (...[circuit, { inputs }]: ProveArguments) => (await prover.prove(circuit, inputs)).proof,
    }
    const post = async (presentation: Presentation) => {
      const answer = await send(`${club}/touchstone/sessions/${session}/presentation`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: origins.wallet },
        body: JSON.stringify(serializePresentation(presentation)),
      })
      return (answer.json() as { error?: string }).error ?? 'accepted'
    }

    const mixed = await makePresentation({ ...wallet, choose: (_, part) => (part === 0 ? one : other) })
    return {
      together: await post(mixed),
      withOneLink: await post(withLinkOfFirst(mixed)),
      alone: await post(await makePresentation(wallet)),
    }
  } finally {
    prover.close()
  }
}

type ProveArguments = Parameters<Parameters<typeof makePresentation>[0]['prove']>

function withLinkOfFirst(presentation: Presentation): Presentation {
  const [first, second] = presentation.answers
  if (first?.circuit !== 'present-v1' || second?.circuit !== 'present-v1') throw new Error('expected two proofs')
  if (first.link !== second.link || first.credentialLink === second.credentialLink) {
    throw new Error('expected two cards of one holder')
  }
  return { ...presentation, answers: [first, { ...second, credentialLink: first.credentialLink }] }
}
