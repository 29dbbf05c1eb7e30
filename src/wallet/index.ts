export { createWallet, type WalletOptions } from './create-wallet.ts'
export { type Exclusive, pageExclusive, webLocksExclusive } from './exclusive.ts'
export type * from './wallet.ts'
export { WALLET_ERROR_CODES, WalletError, type WalletErrorCode } from './wallet-error.ts'
