import type { Bus, OutgoingRecord } from '@faultline/bus';
import { codecs, type LedgerTotals, recordTypeHeader } from '@faultline/model';
import { AppError, silentLogger } from '@faultline/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineHarness, kindOf } from '../testing/engine-harness.ts';
import { configMap, deployment } from '../testing/objects.ts';
import type { EngineInput } from './engine.ts';
import { Writer } from './writer.ts';

let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
});

/** A log that can refuse writes, and the writer of one cluster. */
function start({ maxRecordBytes = 1_000_000 } = {}) {
  const written: (readonly OutgoingRecord[])[] = [];
  const failures: AppError[] = [];
  const warnings: string[] = [];
  let attempts = 0;
  const bus: Pick<Bus, 'publish' | 'maxRecordBytes'> = {
    maxRecordBytes,
    publish: async (records) => {
      attempts += 1;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      written.push(records);
    },
  };
  const harness = new EngineHarness();
  harness.list({ Deployment: [deployment('pay')] });
  const stopping = new AbortController();
  stops.push(() => stopping.abort());
  const writer = new Writer({
    bus,
    engine: harness.engine,
    clock: () => harness.nowMs,
    logger: { ...silentLogger, warn: (message) => void warnings.push(message) },
    signal: stopping.signal,
    name: 'w',
  });
  const records = () => written.flat();
  return {
    writer,
    written,
    failures,
    warnings,
    stopping,
    records,
    attempts: () => attempts,
    on: (topic: OutgoingRecord['topic']) => records().filter((record) => record.topic === topic),
  };
}

const changed = (image: string): EngineInput => ({
  type: 'changed',
  kind: kindOf('Deployment'),
  object: {
    ...deployment('pay', { image }),
    metadata: { ...deployment('pay').metadata, uid: 'uid-Deployment-pay', resourceVersion: '900' },
  },
});

const unavailable = () => new AppError('BUS_UNAVAILABLE', 'the log is away', { kind: 'transient' });

/** The last totals of each writer's name. */
function acceptedByName(records: readonly OutgoingRecord[]): Record<string, number> {
  const totals = records.flatMap(({ topic, value }): LedgerTotals[] => {
    const decoded = topic === 'ledger' && value !== null ? codecs.ledgerTotals.decode(value) : null;
    return decoded?.ok === true ? [decoded.value] : [];
  });
  return Object.fromEntries(totals.map(({ writer, totals: { accepted } }) => [writer, accepted]));
}

describe('a write', () => {
  it('holds the change, its version, the position and the count together', async () => {
    const { writer, written } = start();
    void writer.run();
    await writer.submit(changed('pay:2'));
    await expect.poll(() => written.length).toBe(1);
    const kinds = written[0]?.map(({ topic, headers }) => headers?.[recordTypeHeader] ?? topic);
    expect(kinds).toEqual(['change', 'cluster-object', 'watch-position', 'ledger']);
  });

  it('that failed in passing is repeated with the same change, and counted once under another name', async () => {
    const { writer, failures, on, records, warnings } = start();
    failures.push(unavailable());
    void writer.run();
    await writer.submit(changed('pay:2'));
    await expect.poll(() => on('changes').length, { timeout: 5000 }).toBe(1);
    expect(warnings).toEqual(['the log cannot be written: changes of the cluster wait']);
    expect(acceptedByName(records())).toEqual({ 'w.1': 1 });
    await writer.submit(changed('pay:3'));
    await expect.poll(() => acceptedByName(records())).toEqual({ 'w.1': 3 });
  });

  it('that can never succeed ends the writer', async () => {
    const { writer, failures } = start();
    failures.push(new AppError('BUS_FULL', 'the disk is full', { kind: 'permanent' }));
    await writer.submit(changed('pay:2'));
    await expect(writer.run()).rejects.toThrow('the disk is full');
  });

  it('of an object that is too large leaves that object out and says so', async () => {
    const { writer, on, warnings } = start({ maxRecordBytes: 6000 });
    void writer.run();
    const data = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`key-${at}`, 'x']));
    const large = { ...configMap('large', data), metadata: { namespace: 'shop', name: 'large', uid: 'l' } };
    await writer.submit({ type: 'changed', kind: kindOf('ConfigMap'), object: large });
    await writer.submit(changed('pay:2'));
    await expect.poll(() => on('changes').length).toBe(2);
    expect(warnings).toEqual(['an object is too large to be kept']);
    expect(on('config').some(({ key }) => key.endsWith('/large'))).toBe(false);
  });

  it('waits while the log is away, and ends on stop', async () => {
    const { writer, failures, stopping, attempts } = start();
    failures.push(...Array.from({ length: 1000 }, unavailable));
    await writer.submit(changed('pay:2'));
    const running = writer.run();
    await expect.poll(attempts).toBeGreaterThan(1);
    stopping.abort();
    await running;
  });
});

describe('inputs', () => {
  it('wait when too many are not written yet, so a slow log slows the stream', async () => {
    const { writer } = start();
    let accepted = 0;
    const submitting = (async () => {
      for (let at = 0; at < 2500; at += 1) {
        await writer.submit({ type: 'reached', kind: kindOf('Deployment'), resourceVersion: String(1000 + at) });
        accepted += 1;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(accepted).toBe(1999);
    void writer.run();
    await submitting;
    expect(accepted).toBe(2500);
  });

  it('that wait are let go on stop', async () => {
    const { writer, stopping } = start();
    for (let at = 0; at < 1999; at += 1)
      await writer.submit({ type: 'reached', kind: kindOf('Deployment'), resourceVersion: String(1000 + at) });
    const blocked = writer.submit(changed('pay:2'));
    stopping.abort();
    await blocked;
  });
});
