/// <reference types="vite/client" />

/** base64url of the hash of the one key set that this build proves under; put in by vite.config.ts. */
declare const __TOUCHSTONE_KEY_SET__: string
