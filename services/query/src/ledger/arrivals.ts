/** When a source was last heard, and how much it sends: by the times of the records that hold the totals. */
import type { LedgerTotals } from '@faultline/model';
import { ledgerKey } from './ledger-key.ts';

export const rateWindowMs = 5 * 60_000;
const stepMs = 10_000;

interface Step {
  readonly fromMs: number;
  items: number;
}

interface Arrival {
  lastHeardMs: number;
  /** Oldest first, each of `stepMs`. */
  steps: Step[];
}

export class Arrivals {
  readonly #byKey = new Map<string, Arrival>();

  /** `before`: what the same writer wrote last. Without it the total is no growth: it may be of any age. */
  add({ source, signal, totals }: LedgerTotals, before: LedgerTotals | undefined, atMs: number): void {
    const grown = totals.accepted - (before?.totals.accepted ?? 0);
    if (grown <= 0) return;
    const key = ledgerKey(source, signal);
    const known = this.#byKey.get(key) ?? { lastHeardMs: 0, steps: [] };
    known.lastHeardMs = Math.max(known.lastHeardMs, atMs);
    if (before !== undefined) count(known, grown, atMs);
    this.#byKey.set(key, known);
  }

  of(key: string, nowMs: number): { readonly lastHeardMs: number | null; readonly perMinute: number } {
    const known = this.#byKey.get(key);
    if (known === undefined) return { lastHeardMs: null, perMinute: 0 };
    const recent = known.steps.filter(({ fromMs }) => fromMs > nowMs - rateWindowMs);
    const items = recent.reduce((sum, step) => sum + step.items, 0);
    return { lastHeardMs: known.lastHeardMs, perMinute: (items * 60_000) / rateWindowMs };
  }
}

function count(arrival: Arrival, items: number, atMs: number): void {
  const fromMs = Math.floor(atMs / stepMs) * stepMs;
  const last = arrival.steps.at(-1);
  if (last?.fromMs === fromMs) last.items += items;
  else arrival.steps = [...arrival.steps.filter((step) => step.fromMs > atMs - rateWindowMs), { fromMs, items }];
}
