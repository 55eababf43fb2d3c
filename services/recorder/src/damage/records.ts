/** What the log says about a damaged part of the store: a dead letter, and for telemetry a correction of the loss ledger. Pure. */
import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type LedgerTotals, type Signal } from '@faultline/model';
import type { DamagedPart } from '@faultline/store';
import { deadLetterRecord } from '../checkpoint/dead-letter.ts';
import { ledgerKey } from '../checkpoint/ledger.ts';

const source = 'store';

/** In these tables one row is one accepted item. Windows and history are derived from others. */
const signals: Readonly<Record<string, Signal>> = {
  otel_traces: 'spans',
  otel_logs: 'logs',
  otel_metrics_gauge: 'metrics',
  otel_metrics_sum: 'metrics',
  otel_metrics_histogram: 'metrics',
  otel_metrics_exponential_histogram: 'metrics',
  otel_metrics_summary: 'metrics',
};

/** The key of a part on the ledger topic: a part is reported once, however often the process starts. */
export function damageKey(part: DamagedPart): string {
  return ledgerKey(correctionOf(part));
}

/** The records about one part. */
export function damageRecords(part: DamagedPart, atMs: number): readonly OutgoingRecord[] {
  const totals = correctionOf(part);
  return [
    { topic: 'ledger', key: ledgerKey(totals), value: codecs.ledgerTotals.encode(totals) },
    deadLetterRecord({
      tenant: undefined,
      id: contentId('recorder', 'damaged', part.table, part.part),
      source,
      signal: signals[part.table] ?? '',
      items: part.rows ?? 0,
      code: 'RECORDER_STORE_DAMAGED',
      reason: reasonOf(part),
      receivedAtMs: atMs,
      contentType: 'text/plain',
      payload: new Uint8Array(),
    }),
  ];
}

/** Rows that were counted as recorded count as dead-lettered instead, so the sum of all outcomes stays. */
function correctionOf({ table, part, rows }: DamagedPart): LedgerTotals {
  const signal = signals[table];
  const lost = signal === undefined ? 0 : (rows ?? 0);
  const totals = { accepted: 0, inIncidents: 0, duplicates: 0, suppressed: 0 };
  return {
    writer: `store-damage/${table}/${part}`,
    source,
    signal: signal ?? 'spans',
    totals: { ...totals, recorded: lost === 0 ? 0 : -lost, deadLettered: lost },
  };
}

function reasonOf({ table, part, rows, fromMs, toMs, folder }: DamagedPart): string {
  const count = rows === null ? 'an unknown number of rows' : `${rows} rows`;
  const range =
    fromMs === null || toMs === null
      ? ''
      : ` from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  return `${table}: part ${part} with ${count}${range} is damaged and was set aside in ${folder}`;
}
