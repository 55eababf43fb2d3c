/** What is summed for each sender. Rows of one resource share their attributes, so its sender is looked up once. */
import type { SenderColumns } from '../rows.ts';

interface SenderRow extends SenderColumns {
  readonly ResourceAttributes: object;
}

interface Known<State> {
  readonly row: SenderRow;
  readonly state: State;
}

export class SenderTable<Row extends SenderRow, State> {
  readonly #create: (row: Row) => State;
  readonly #keyOf: (row: Row) => string;
  readonly #byKey = new Map<string, State>();
  readonly #byResource = new Map<object, Known<State>>();

  constructor(keyOf: (row: Row) => string, create: (row: Row) => State) {
    this.#keyOf = keyOf;
    this.#create = create;
  }

  /** The state of the row's sender, created when there is none. */
  get(row: Row): State {
    const known = this.#byResource.get(row.ResourceAttributes);
    if (known !== undefined && isSameSender(known.row, row)) return known.state;
    const key = this.#keyOf(row);
    const state = this.#byKey.get(key) ?? this.#create(row);
    this.#byKey.set(key, state);
    this.#byResource.set(row.ResourceAttributes, { row, state });
    return state;
  }

  /** In the order in which the senders first appeared. */
  values(): Iterable<State> {
    return this.#byKey.values();
  }
}

/** The identity of an instance, without node and zone. */
export function instanceKey({ Tenant, Environment, ServiceName, Instance }: SenderColumns): string {
  return `${Tenant}\u0000${Environment}\u0000${ServiceName}\u0000${Instance}`;
}

function isSameSender(a: SenderColumns, b: SenderColumns): boolean {
  return (
    a.Tenant === b.Tenant &&
    a.Environment === b.Environment &&
    a.ServiceName === b.ServiceName &&
    a.Instance === b.Instance &&
    a.Node === b.Node &&
    a.Zone === b.Zone
  );
}
