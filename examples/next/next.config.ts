import type { NextConfig } from 'next'

const config: NextConfig = {
  // It starts threads and opens databases: it must be run from where it is installed.
  serverExternalPackages: ['@touchstone/sdk'],
}

export default config
