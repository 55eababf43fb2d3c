/** The recorder's part of the loss ledger: running totals of one partition, by source and signal. */
import type { LedgerField, LedgerTotals, Signal } from '@faultline/model';

export interface Ledger {
  add(source: string, signal: Signal, field: LedgerField, items: number): void;
  /** Returns the totals that changed since the last call. */
  takeChanged(): readonly LedgerTotals[];
}

const nothing: LedgerTotals['totals'] = {
  accepted: 0,
  inIncidents: 0,
  recorded: 0,
  duplicates: 0,
  suppressed: 0,
  deadLettered: 0,
};

/** The writer name of a partition's totals. */
export function ledgerWriter(partition: number): string {
  return `recorder-${partition}`;
}

/** The key of totals on the `ledger` topic. */
export function ledgerKey({ writer, source, signal }: LedgerTotals): string {
  return `${writer}/${source}/${signal}`;
}

/** Continues from stored totals. Those of other writers are ignored. */
export function createLedger(writer: string, written: Iterable<LedgerTotals>): Ledger {
  const totals = new Map<string, LedgerTotals>();
  const changed = new Set<string>();
  for (const entry of written) if (entry.writer === writer) totals.set(ledgerKey(entry), entry);
  return {
    add: (source, signal, field, items) => {
      const empty: LedgerTotals = { writer, source, signal, totals: nothing };
      const key = ledgerKey(empty);
      const entry = totals.get(key) ?? empty;
      totals.set(key, { ...entry, totals: { ...entry.totals, [field]: entry.totals[field] + items } });
      changed.add(key);
    },
    takeChanged: () => {
      const entries = [...changed].sort().map((key) => totals.get(key));
      changed.clear();
      return entries.filter((entry) => entry !== undefined);
    },
  };
}
