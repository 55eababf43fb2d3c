/** The error codes of the store: what each means and what to do. */
export const storeErrors = {
  STORE_UNAVAILABLE:
    'ClickHouse did not respond, is overloaded, or a query exceeded store.maxQueryMs. Repeat the call.',
  STORE_REJECTED:
    'ClickHouse refused the rows or the query themselves, so repeating does not help. The cause holds ClickHouse’s own code. It is a bug, or a table was altered by hand.',
  STORE_DAMAGED:
    'Files of the store are damaged. The embedded engine sets damaged parts aside and goes on without them, see `store-damage` in health. Repeat the call. On a server, find them with CHECK TABLE and detach them.',
  STORE_UNREADABLE:
    'The embedded engine cannot open its folder. Paging goes on without the store, and Faultline tries again. Check the disk and the permissions of the files. If the log of the engine names damage, move the folder away and restart.',
  STORE_DENIED:
    'ClickHouse refused the login, or the user lacks a permission. Check `store.user` and `store.password`.',
  STORE_FOLDER_LOCKED:
    'Another process uses the store folder, or this process already has another store folder open. Stop that process, or set `store.folder` to another folder.',
  STORE_FOLDER_UNUSABLE:
    'The store folder cannot be created or written. Check its path, its permissions and the free disk space.',
  STORE_ENGINE_MISSING:
    'This installation has no embedded ClickHouse engine (the optional package `chdb`). Images without `-embedded` in their tag leave it out. Use an image with it, install without `--omit=optional`, or set `store.kind: server` and `store.url` to use a ClickHouse server.',
  STORE_MIGRATION_CHANGED:
    'The text of a migration has changed since it was applied. Released migrations must not change; add a new file instead.',
  STORE_NEWER: 'The store was written by a newer version of Faultline. Start that version, or use an empty store.',
  STORE_BAD_PAGE_TOKEN: 'The page token was not issued by this list. Request the first page.',
  STORE_CLOSED: 'The store is stopping and accepts no more calls.',
} as const;

export type StoreErrorCode = keyof typeof storeErrors;
