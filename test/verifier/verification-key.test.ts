import { describe, expect, it } from 'vitest'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { makeTrapdoor, verificationKeyJson } from '../fixtures/simulated-key-set.ts'
import { pointOutsideG2 } from '../fixtures/twist-point.ts'

const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const trapdoor = makeTrapdoor('login-v1')
const good = verificationKeyJson(trapdoor)

function load(json: unknown) {
  return loadVerificationKey(json, { circuit: 'login-v1' })
}

describe('loadVerificationKey', () => {
  it('takes the shape that snarkjs writes', async () => {
    expect((await load(good)).signalCount).toBe(5)
    expect((await load({ ...good, vk_alphabeta_12: [['ignored']] })).circuit).toBe('login-v1')
  })

  const [x = '', y = ''] = good.vk_alpha_1
  const malformed: Record<string, unknown> = {
    'another curve': { ...good, curve: 'bls12381' },
    'another protocol': { ...good, protocol: 'plonk' },
    'a member too many': { ...good, extra: 1 },
    'the signals of another circuit': { ...good, nPublic: 4 },
    'a point of IC too few': { ...good, IC: good.IC.slice(1) },
    'a point of IC too many': { ...good, IC: [...good.IC, good.vk_alpha_1] },
    'a coordinate that is not below q': { ...good, vk_alpha_1: [`${BigInt(x) + Q}`, y, '1'] },
    'a leading zero': { ...good, vk_alpha_1: [`0${x}`, y, '1'] },
    'a hexadecimal coordinate': { ...good, vk_alpha_1: [`0x${BigInt(x).toString(16)}`, y, '1'] },
    'a number for a coordinate': { ...good, vk_alpha_1: [1, 2, '1'] },
    'a projective point': { ...good, vk_alpha_1: [x, y, '2'] },
    'a point off the curve': { ...good, vk_alpha_1: [x, `${BigInt(y) - 1n}`, '1'] },
    'infinity for alpha': { ...good, vk_alpha_1: ['0', '0', '1'] },
    'infinity as snarkjs writes it': { ...good, vk_alpha_1: ['0', '1', '0'] },
    'infinity for beta': {
      ...good,
      vk_beta_2: [
        ['0', '0'],
        ['0', '0'],
        ['1', '0'],
      ],
    },
    'infinity in IC': { ...good, IC: [...good.IC.slice(0, 5), ['0', '0', '1']] },
    'a point outside the subgroup of G2': { ...good, vk_delta_2: outsideSubgroup() },
  }
  for (const [name, json] of Object.entries(malformed)) {
    it(`refuses ${name}`, async () => {
      await expect(load(json)).rejects.toThrow(expect.objectContaining({ code: 'key_invalid' }))
    })
  }

  const forgeable = {
    'gamma = delta': { delta: trapdoor.gamma, gamma: trapdoor.gamma },
    'gamma = -delta': { gamma: ORDER - trapdoor.delta },
    'gamma = delta away from the generator': { gamma: trapdoor.delta },
    'delta = the generator': { delta: 1n, gamma: 7n },
    'beta = gamma': { gamma: trapdoor.beta },
    'beta = delta': { delta: trapdoor.beta },
    'beta = the generator': { beta: 1n, gamma: 7n },
    'two signals with one point': { inputs: [...trapdoor.inputs.slice(0, 5), trapdoor.inputs[4] ?? 0n] },
    'two signals with opposite points': {
      inputs: [...trapdoor.inputs.slice(0, 5), ORDER - (trapdoor.inputs[4] ?? 0n)],
    },
  }
  for (const [name, change] of Object.entries(forgeable)) {
    it(`refuses ${name}, under which anyone can forge`, async () => {
      await expect(load(verificationKeyJson({ ...trapdoor, ...change }))).rejects.toThrow(
        expect.objectContaining({ code: 'key_unsafe' }),
      )
    })
  }
})

function outsideSubgroup(): string[][] {
  const { x, y } = pointOutsideG2()
  return [x.map(String), y.map(String), ['1', '0']]
}
