/** The error codes of the store. */
export const storeErrors = {
  STORE_UNAVAILABLE:
    'ClickHouse did not answer, is overloaded, or a query took longer than it may. The same call may be repeated.',
  STORE_REJECTED:
    'ClickHouse refused the rows or the query as such: repeating it will not help. The cause holds its own code; it is a bug or a table altered by hand.',
  STORE_DENIED:
    'ClickHouse refused the user or the password, or the user lacks a right. Check `store.user` and `store.password`.',
  STORE_FOLDER_LOCKED:
    'The store folder is held by another process, or this process already has another store folder open. Stop that process or configure another `store.folder`.',
  STORE_FOLDER_UNUSABLE:
    'The store folder cannot be made or written. Check the path, its permissions and the space left.',
  STORE_ENGINE_MISSING:
    'This installation has no embedded ClickHouse engine (the optional package `chdb`): images without `-embedded` in their tag leave it out. Use an image with it, install without `--omit=optional`, or set `store.kind: server` and `store.url` to use a ClickHouse server.',
  STORE_MIGRATION_CHANGED:
    'A migration that was applied before has another text now. Released migrations must not change: add a new file instead.',
  STORE_NEWER: 'The store was written by a newer Faultline. Start that version, or configure an empty store.',
  STORE_BAD_PAGE_TOKEN: 'The page token is not one that this list gave out. Ask for the first page.',
  STORE_CLOSED: 'The store is stopping and takes no more calls.',
} as const;

export type StoreErrorCode = keyof typeof storeErrors;
