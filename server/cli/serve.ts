import { readConfiguration } from '../service/configuration.ts'
import { createLogger } from '../service/logger.ts'
import type { AddCommand } from './main.ts'

/** `touchstone serve`: runs until SIGTERM or SIGINT; a second one ends it at once. */
export const serveCommand: AddCommand = (program, { environment }) => {
  program
    .command('serve')
    .description('run the service; docs/service.md has the variables that configure it')
    .action(async () => {
      const configuration = readConfiguration(environment)
      // Before anything that takes time: one that is told to stop while it starts stops when it has started.
      const told = stopSignal()
      const { startService } = await import('../service/service.ts')
      const logger = createLogger(configuration.TOUCHSTONE_LOG_LEVEL)
      const service = await startService(configuration, { logger })
      logger.info({ signal: await told }, 'stopping')
      await service.close()
      logger.info('stopped')
    })
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isTold = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isTold) process.exit(1)
        isTold = true
        resolve(signal)
      })
    }
  })
}
