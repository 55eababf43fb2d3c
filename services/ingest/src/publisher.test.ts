import type { OutgoingRecord } from '@faultline/bus';
import { codecs } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { createPublisher, type Submission } from './publisher.ts';
import { decoded } from './testing/ingest.ts';

const submission = (key: string, accepted = 1, sizeBytes = 10): Submission => ({
  records: [{ topic: 'alerts', key, value: Buffer.alloc(sizeBytes) }],
  counts: [{ source: 'alertmanager', signal: 'alerts', accepted, deadLettered: 0 }],
});

/** A log that writes when told to, or fails. */
function scriptedLog() {
  const calls: { readonly records: readonly OutgoingRecord[]; readonly end: (error?: Error) => void }[] = [];
  const publish = (records: readonly OutgoingRecord[]) =>
    new Promise<void>((resolve, reject) => {
      calls.push({ records, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  const keys = (call: number) => calls[call]?.records.filter(({ topic }) => topic === 'alerts').map(({ key }) => key);
  const accepted = (call: number) =>
    calls[call]?.records
      .filter(({ topic }) => topic === 'ledger')
      .map(({ value }) => decoded(codecs.ledgerTotals, value).totals.accepted);
  return { calls, bus: { publish }, keys, accepted };
}

const options = { writer: 'w', maxBatchBytes: 1000, maxWaitingBytes: 2000 };
const turn = () => new Promise((resolve) => setImmediate(resolve));
const transient = new AppError('BUS_UNAVAILABLE', 'away', { kind: 'transient' });
const permanent = new AppError('BUS_RECORD_TOO_LARGE', 'too large', { kind: 'permanent' });

it('puts what waits into one write, with totals in the order of the writes', async () => {
  const log = scriptedLog();
  const publisher = createPublisher({ lingerMs: 0, ...options, bus: log.bus });
  const done = ['a', 'b', 'c'].map((key) => publisher.publish(submission(key)));
  await turn();
  log.calls[0]?.end();
  await turn();
  log.calls[1]?.end();
  await Promise.all(done);
  expect([log.keys(0), log.accepted(0)]).toEqual([['a'], [1]]);
  expect([log.keys(1), log.accepted(1)]).toEqual([['b', 'c'], [3]]);
});

/** The sum over writers, as the ledger is read: the last totals of each key. */
function acceptedOn(written: readonly (readonly OutgoingRecord[])[]): number {
  const last = new Map(
    written.flat().flatMap(({ topic, key, value }) => (topic === 'ledger' ? [[key, value] as const] : [])),
  );
  return [...last.values()].reduce((sum, value) => sum + decoded(codecs.ledgerTotals, value).totals.accepted, 0);
}

it('counts a failed write exactly when it is on the log after all', async () => {
  const log = scriptedLog();
  const publisher = createPublisher({ lingerMs: 0, ...options, bus: log.bus });
  const first = publisher.publish(submission('first', 2));
  const failed = expect(publisher.publish(submission('failed', 5))).rejects.toBe(transient);
  await turn();
  log.calls[0]?.end();
  await first;
  await turn();
  log.calls[1]?.end(transient);
  await failed;
  const again = publisher.publish(submission('failed', 5));
  await turn();
  log.calls[2]?.end();
  await again;
  const [one = [], lost = [], two = []] = log.calls.map(({ records }) => records);
  expect(acceptedOn([one, two])).toBe(7);
  expect(acceptedOn([one, lost, two])).toBe(12);
});

it('a record that the log never takes sinks no other', async () => {
  const log = scriptedLog();
  const publisher = createPublisher({ lingerMs: 0, ...options, bus: log.bus });
  const first = publisher.publish(submission('first'));
  const bad = expect(publisher.publish(submission('bad'))).rejects.toBe(permanent);
  const good = publisher.publish(submission('good'));
  await turn();
  log.calls[0]?.end();
  await first;
  await turn();
  log.calls[1]?.end(permanent);
  await turn();
  log.calls[2]?.end(permanent);
  await bad;
  await turn();
  log.calls[3]?.end();
  await good;
  expect([log.keys(1), log.keys(2), log.keys(3), log.accepted(3)]).toEqual([['bad', 'good'], ['bad'], ['good'], [2]]);
});

it('refuses when too much waits, but never a single large one', async () => {
  const log = scriptedLog();
  const publisher = createPublisher({ lingerMs: 0, ...options, bus: log.bus });
  const large = publisher.publish(submission('large', 1, 5000));
  await expect(publisher.publish(submission('more'))).rejects.toMatchObject({
    code: 'INGEST_OVERLOADED',
    kind: 'transient',
  });
  await turn();
  log.calls[0]?.end();
  await large;
  await publisher.drained();
  const again = publisher.publish(submission('more'));
  await turn();
  log.calls[1]?.end();
  await again;
});
