/**
 * Into how many windows a sum of multiples is best divided: time by windows for 2^10 … 2^18 points of both groups with
 * random scalars. `src/engine/windows.ts` is to choose what is best here, or nearly so.
 *
 *     node bench/engine-windows.ts                     a line for each number of points
 *     node bench/engine-windows.ts --groups g1 --from 12 --to 14 --runs 9
 *
 * Processor time in milliseconds, the best of the runs, all choices in turns. The choice of windows.ts has brackets.
 */
import { parseArgs } from 'node:util'
import { createEngine, type Engine } from '../src/engine/load.ts'
import { addPoints, type Group, multiply, multiplyPoint, POINT_BYTES, PointSet, Scalars } from '../src/engine/msm.ts'
import { G1_GENERATOR, G2_GENERATOR, Q } from '../src/engine/parameters.ts'
import { windowsFor } from '../src/engine/windows.ts'
import { randomBytes } from '../src/protocol/bytes.ts'

const COORDINATES: Readonly<Record<Group, readonly bigint[]>> = {
  g1: [G1_GENERATOR.x, G1_GENERATOR.y],
  g2: [G2_GENERATOR.x.c0, G2_GENERATOR.x.c1, G2_GENERATOR.y.c0, G2_GENERATOR.y.c1],
}

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: 'g1,g2' },
    from: { type: 'string', default: '10' },
    to: { type: 'string', default: '18' },
    runs: { type: 'string', default: '5' },
  },
})

for (const group of values.groups.split(',')) {
  if (group !== 'g1' && group !== 'g2') throw new RangeError(`no group ${group}`)
  const points = somePoints(await createEngine(), group, 2 ** Number(values.to))
  for (let log = Number(values.from); log <= Number(values.to); log++) {
    await measure(group, points.subarray(0, POINT_BYTES[group] * 2 ** log), log)
  }
}

/** Different points without structure that matters: a random one and its successive sums with the generator. */
function somePoints(engine: Engine, group: Group, count: number): Uint8Array {
  const generator = new Uint8Array(POINT_BYTES[group])
  for (const [index, value] of COORDINATES[group].entries())
    generator.set(littleEndian((value << 256n) % Q), 32 * index)
  const points = new Uint8Array(POINT_BYTES[group] * count)
  let point = multiplyPoint(engine, group, generator, 1n << 200n)
  for (let index = 0; index < count; index++) {
    points.set(point, POINT_BYTES[group] * index)
    point = addPoints(engine, group, point, generator)
  }
  return points
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n))
}

async function measure(group: Group, points: Uint8Array, log: number): Promise<void> {
  const engine = await createEngine()
  const count = 2 ** log
  const set = PointSet.create(engine, {
    group,
    points,
    places: Uint32Array.from({ length: count }, (_, index) => index),
  })
  const scalars = new Scalars(engine, count)
  const bytes = new Uint8Array(32 * count)
  for (let index = 0; index < count; index++) bytes.set(randomBytes(31), 32 * index)
  scalars.put(0, bytes)
  const chosen = windowsFor(count)
  const choices = Array.from({ length: 7 }, (_, index) => chosen - 3 + index).filter((windows) => windows >= 7)
  const best = new Map(choices.map((windows) => [windows, Number.POSITIVE_INFINITY]))
  for (let run = 0; run < Number(values.runs); run++) {
    for (const windows of choices) {
      const before = process.cpuUsage()
      multiply(engine, set, scalars, windows)
      const { user, system } = process.cpuUsage(before)
      best.set(windows, Math.min(best.get(windows) ?? 0, (user + system) / 1000))
    }
  }
  const least = Math.min(...best.values())
  const cells = choices.map((windows) => {
    const text = `${windows}: ${(best.get(windows) ?? 0).toFixed(1)}`
    return windows === chosen ? `[${text}]` : text
  })
  const loss = ((best.get(chosen) ?? 0) / least - 1) * 100
  process.stdout.write(`${group} 2^${log}  ${cells.join('  ')}  (${loss.toFixed(1)} % above the best)\n`)
}
