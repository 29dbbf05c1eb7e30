#!/usr/bin/env node
/**
 * The command `touchstone`: `npm run touchstone -- --help`. Plain JavaScript, so that an old Node gets one line about it.
 */
import './ready.mjs'

const { runCommand } = await import('../server/cli/main.ts')

const { stdout, stderr, stdin, env } = process
const write = (text) => stdout.write(text)
const complain = (text) => stderr.write(text)
process.exitCode = await runCommand(process.argv.slice(2), { write, complain, environment: env, stdin })
