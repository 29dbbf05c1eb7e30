import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeMutantFolder, removeLeftMutants } from './mutant-folder.ts'

test('what a killed process left is removed, what a running one has stays', async () => {
  const own = await makeMutantFolder('left-test')
  const { pid } = spawnSync(process.execPath, ['--version'])
  const left = join(dirname(own), `${pid}-left-test`)
  await mkdir(left)
  await removeLeftMutants()
  expect([existsSync(own), existsSync(left)]).toEqual([true, false])
  await rm(own, { recursive: true })
})
