import { codecs } from '@faultline/model';
import { silentLogger } from '@faultline/runtime';
import type { DamagedPart } from '@faultline/store';
import { expect, it } from 'vitest';
import { startHarness } from '../testing/harness.ts';
import { damageRecords } from './records.ts';
import { reportDamage } from './report.ts';

const day = Date.UTC(2026, 10, 30);
const part: DamagedPart = {
  table: 'otel_traces',
  part: '20261130_2_2_0',
  rows: 50,
  fromMs: day,
  toMs: day + 24 * 60 * 60_000,
  folder: '/data/detached',
};

it('a damaged part is a dead letter with its range, and its rows move from recorded to dead-lettered, once', async () => {
  const { bus, ledger, deadLetters, stop } = await startHarness(day);
  const onDamaged = (listener: (part: DamagedPart) => void) => {
    listener(part);
    listener({ ...part, part: '20261130_3_3_0' });
    return () => {};
  };
  const parts = { bus, clock: () => day, logger: silentLogger, onDamaged };
  for (const _start of [1, 2]) {
    const end = reportDamage(parts);
    const seen = async () => (await ledger()).length;
    while ((await seen()) < 2) await new Promise((resolve) => setImmediate(resolve));
    await end();
  }
  expect((await deadLetters()).map(({ items, signal, code, reason }) => ({ items, signal, code, reason }))).toEqual(
    ['20261130_2_2_0', '20261130_3_3_0'].map((name) => ({
      items: 50,
      signal: 'spans',
      code: 'RECORDER_STORE_DAMAGED',
      reason: `otel_traces: part ${name} with 50 rows from 2026-11-30T00:00:00.000Z to 2026-12-01T00:00:00.000Z is damaged and was set aside in /data/detached`,
    })),
  );
  const rows = await ledger();
  expect(rows.map(({ totals }) => totals)).toEqual(
    rows.map(() => ({ accepted: 0, inIncidents: 0, recorded: -50, duplicates: 0, suppressed: 0, deadLettered: 50 })),
  );
  await stop();
});

it('windows are derived from spans, so their rows are no items', () => {
  const [record] = damageRecords({ ...part, table: 'edge_windows', rows: null }, day);
  const decoded = codecs.ledgerTotals.decode(record?.value ?? new Uint8Array());
  expect(decoded).toMatchObject({ ok: true, value: { totals: { recorded: 0, deadLettered: 0 } } });
});
