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
      const { startService } = await import('../service/service.ts')
      const logger = createLogger(configuration.TOUCHSTONE_LOG_LEVEL)
      const service = await startService(configuration, { logger })
      await new Promise<void>((resolve, reject) => {
        let isStopping = false
        for (const signal of ['SIGINT', 'SIGTERM'] as const) {
          process.on(signal, () => {
            if (isStopping) process.exit(1)
            isStopping = true
            logger.info({ signal }, 'stopping')
            service.close().then(resolve, reject)
          })
        }
      })
      logger.info('stopped')
    })
}
