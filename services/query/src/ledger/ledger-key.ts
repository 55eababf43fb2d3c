/** The key of one row of the ledger. */
export function ledgerKey(source: string, signal: string): string {
  return JSON.stringify([source, signal]);
}
