/** What waits for the thread of the mappings: alerts before changes, and tenants in turn, so that no sender holds up another. */

export interface WaitingLimits {
  /** Of one tenant, for alerts and for changes each. */
  readonly maxItems: number;
  readonly maxBytes: number;
}

export interface Waiting {
  readonly tenant: string;
  readonly isAlert: boolean;
  readonly sizeBytes: number;
}

export interface WaitingLines<Item> {
  /** False when the tenant has too much waiting: then nothing was added. */
  add(item: Item): boolean;
  /** Takes the next one out; undefined when nothing waits. */
  next(): Item | undefined;
}

export function createWaitingLines<Item extends Waiting>(limits: WaitingLimits): WaitingLines<Item> {
  const alerts = createLine<Item>(limits);
  const changes = createLine<Item>(limits);
  return {
    add: (item) => (item.isAlert ? alerts : changes).add(item),
    next: () => alerts.next() ?? changes.next(),
  };
}

function createLine<Item extends Waiting>({ maxItems, maxBytes }: WaitingLimits): WaitingLines<Item> {
  // A map keeps the order of insertion: the tenant whose turn it is stands first.
  const tenants = new Map<string, readonly Item[]>();
  return {
    add: (item) => {
      const own = tenants.get(item.tenant) ?? [];
      const waitingBytes = own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      // One item always fits: the limit of a body is another one.
      if (own.length > 0 && (own.length >= maxItems || waitingBytes + item.sizeBytes > maxBytes)) return false;
      tenants.set(item.tenant, [...own, item]);
      return true;
    },
    next: () => {
      const [first] = tenants;
      if (first === undefined) return undefined;
      const [tenant, [item, ...rest]] = first;
      tenants.delete(tenant);
      if (rest.length > 0) tenants.set(tenant, rest);
      return item;
    },
  };
}
