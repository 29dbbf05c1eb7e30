import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The folders of PATH, in order. */
export function pathFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
}

/** The path of a program by its name, in the folders of PATH and then in those given. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  return [...pathFolders(), ...folders].map((folder) => join(folder, name)).find(isExecutable)
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
