import type { LogRecord } from '@faultline/bus';
import { codecs, type LedgerField, type LedgerTotals, ledgerFields } from '@faultline/model';
import type { ReadModel } from '../read-model/follow.ts';
import { Arrivals } from './arrivals.ts';
import { ledgerKey } from './ledger-key.ts';

type Counts = Readonly<Record<string, number>>;

export type LedgerRow = {
  readonly source: string;
  readonly signal: string;
  readonly pending: number;
  /** Alerts by kind, and suppressed ones by rule. Empty for other signals. */
  readonly alertKinds: Counts;
  readonly suppressedBy: Counts;
  /** When the log last took something of it, ms since 1970. Null: nothing since the totals began. */
  readonly lastHeardMs: number | null;
  /** Items accepted in a minute, over the last `rateWindowMs`. */
  readonly perMinute: number;
} & Readonly<Record<LedgerField, number>>;

/** Pending items by `ledgerKey`. */
export type PendingCounts = ReadonlyMap<string, number>;

/** The running totals of every writer, from the compacted `ledger` topic. */
export class LedgerReadModel implements ReadModel {
  readonly #writers = new Map<string, LedgerTotals>();
  readonly #arrivals = new Arrivals();
  #ready = false;

  // A writer's newest record holds all its totals, and totals only grow. Nothing needs to be forgotten.
  restart(): void {}

  apply(record: LogRecord): string | null {
    if (record.value === null) {
      this.#writers.delete(record.key);
      return null;
    }
    const decoded = codecs.ledgerTotals.decode(record.value);
    if (!decoded.ok) return decoded.reason;
    this.#arrivals.add(decoded.value, this.#writers.get(record.key), record.timestampMs);
    this.#writers.set(record.key, decoded.value);
    return null;
  }

  caughtUp(): readonly string[] {
    this.#ready = true;
    return [];
  }

  get ready(): boolean {
    return this.#ready;
  }

  rows(pending: PendingCounts, nowMs: number): readonly LedgerRow[] {
    return sumLedger([...this.#writers.values()], pending).map((row) => ({
      ...row,
      ...this.#arrivals.of(ledgerKey(row.source, row.signal), nowMs),
    }));
  }
}

/** One row for each source and signal, in that order: the sum over all writers, and the unread items. */
export function sumLedger(
  writers: readonly LedgerTotals[],
  pending: PendingCounts,
): readonly Omit<LedgerRow, 'lastHeardMs' | 'perMinute'>[] {
  const rows = new Map<string, Record<LedgerField, number>>();
  const rowOf = (key: string) => {
    const row =
      rows.get(key) ?? (Object.fromEntries(ledgerFields.map((field) => [field, 0])) as Record<LedgerField, number>);
    rows.set(key, row);
    return row;
  };
  for (const { source, signal, totals } of writers) {
    const row = rowOf(ledgerKey(source, signal));
    for (const field of ledgerFields) row[field] += totals[field] ?? 0;
  }
  const alertsOf = (key: string) => writers.filter(({ source, signal }) => ledgerKey(source, signal) === key);
  for (const [key, count] of pending) if (count > 0) rowOf(key);
  return [...rows.keys()].sort().map((key) => {
    const [source, signal] = JSON.parse(key) as [string, string];
    return {
      source,
      signal,
      ...(rows.get(key) as Record<LedgerField, number>),
      pending: pending.get(key) ?? 0,
      alertKinds: sumOf(alertsOf(key).map(({ alertKinds = {} }) => alertKinds)),
      suppressedBy: sumOf(alertsOf(key).map(({ suppressedBy = {} }) => suppressedBy)),
    };
  });
}

/** The sum of each name, in the order of names. */
function sumOf(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
