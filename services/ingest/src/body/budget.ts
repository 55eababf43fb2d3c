/** Counts the bytes of bodies that are in memory or announced, so that senders together cannot fill it. */

export interface ByteBudgetOptions {
  /** All connections together. */
  readonly maxBytes: number;
  readonly maxConnectionBytes: number;
}

export interface ByteBudget {
  /** `connection`: any object that stands for the sender's connection. */
  open(connection: object): Lease;
}

/** What one request holds of the budget. */
export interface Lease {
  /** False when there is no room; then nothing is reserved. A request alone in the budget always has room: else it could never be sent. */
  reserve(bytes: number): boolean;
  /** Gives back all of it. */
  release(): void;
}

interface Use {
  bytes: number;
}

export function createByteBudget({ maxBytes, maxConnectionBytes }: ByteBudgetOptions): ByteBudget {
  const total: Use = { bytes: 0 };
  const connections = new WeakMap<object, Use>();
  return {
    open: (connection) => {
      const ofConnection = connections.get(connection) ?? { bytes: 0 };
      connections.set(connection, ofConnection);
      return openLease([
        { use: total, max: maxBytes },
        { use: ofConnection, max: maxConnectionBytes },
      ]);
    },
  };
}

function openLease(bounds: readonly { readonly use: Use; readonly max: number }[]): Lease {
  let held = 0;
  const add = (bytes: number) => {
    held += bytes;
    for (const { use } of bounds) use.bytes += bytes;
  };
  return {
    reserve: (bytes) => {
      if (bounds.some(({ use, max }) => use.bytes > held && use.bytes + bytes > max)) return false;
      add(bytes);
      return true;
    },
    release: () => add(-held),
  };
}
