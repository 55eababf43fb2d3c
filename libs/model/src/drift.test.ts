import { describe, expect, it } from 'vitest';
import { clusterRecordTypes, clusterStateKey } from './cluster-state.ts';
import { codecs } from './codec.ts';
import { changeOfDrift, type Drift, driftText } from './drift.ts';
import {
  type AcceptDrift,
  acceptDrift,
  anyDrift,
  applyDriftRecord,
  createDriftBook,
  type DriftBook,
  type DriftFilter,
  listDrift,
} from './drift-query.ts';
import { newDrift } from './testing/drift.ts';

const nowMs = 1_790_000_000_000;
const day = 86_400_000;

function bookOf(...drifts: readonly Drift[]): DriftBook {
  const book = createDriftBook();
  for (const drift of drifts) book.drifts.set(drift.id, drift);
  return book;
}

const keyOf = (type: 'drift' | 'driftAcceptance', id: string) =>
  clusterStateKey({ scope: { tenant: 't', environment: '' }, cluster: 'b' }, clusterRecordTypes[type], id);

describe('the book of drift', () => {
  it('holds the last record of each key', () => {
    const book = createDriftBook();
    for (const value of ['5', '6'])
      expect(
        applyDriftRecord(book, { key: keyOf('drift', 'd1'), value: codecs.drift.encode(newDrift({ value })) }),
      ).toBe(true);
    expect([...book.drifts.values()].map(({ value }) => value)).toEqual(['6']);
    expect(applyDriftRecord(book, { key: keyOf('drift', 'd1'), value: null })).toBe(true);
    expect(book.drifts.size).toBe(0);
  });

  it('skips other records, and those that cannot be decoded', () => {
    const book = createDriftBook();
    expect(applyDriftRecord(book, { key: 't/kubernetes/b/salt', value: Buffer.from('{}') })).toBe(false);
    expect(applyDriftRecord(book, { key: 'something', value: null })).toBe(false);
    expect(applyDriftRecord(book, { key: keyOf('drift', 'd1'), value: Buffer.from('no') })).toBe(false);
    expect(book.drifts.size).toBe(0);
  });
});

describe('the list', () => {
  const drifts = [
    newDrift({ id: 'low', risk: 'low' }),
    newDrift({ id: 'old', risk: 'high', sinceMs: nowMs - 9 * day }),
    newDrift({ id: 'new', risk: 'high', sinceMs: nowMs - day, against: 'past', team: 'data' }),
    newDrift({ id: 'other', scope: { tenant: 'u', environment: '' } }),
  ];
  const idsOf = (filter: Partial<DriftFilter>) =>
    listDrift(bookOf(...drifts), { ...anyDrift, tenant: 't', ...filter }, nowMs).map(({ drift }) => drift.id);

  it('has the highest risk first, then the newest, and one tenant only', () => {
    expect(idsOf({})).toEqual(['new', 'old', 'low']);
  });

  it.each<[Partial<DriftFilter>, readonly string[]]>([
    [{ against: ['past'] }, ['new']],
    [{ risks: ['low'] }, ['low']],
    [{ team: 'data' }, ['new']],
    [{ name: 'payments' }, ['new', 'old', 'low']],
    [{ name: 'cart' }, []],
    [{ namespace: 'mail' }, []],
    [{ kind: 'ConfigMap' }, []],
    [{ cluster: 'a' }, []],
    [{ states: ['accepted'] }, []],
  ])('filters by %o', (filter, ids) => {
    expect(idsOf(filter)).toEqual(ids);
  });
});

describe('accepting', () => {
  const request: AcceptDrift = {
    tenant: 't',
    id: 'd1',
    reason: 'canary',
    untilMs: nowMs + day,
    actor: 'Kim',
    idempotencyKey: '',
  };
  const accept = (over: Partial<AcceptDrift> = {}, book = bookOf(newDrift())) =>
    acceptDrift(book, { ...request, ...over }, nowMs);

  it('is a record for the log, which another process reads', () => {
    const accepted = accept();
    if (!accepted.ok) throw new Error(accepted.reason);
    expect(accepted.drift.state).toBe('accepted');
    const book = bookOf(newDrift());
    applyDriftRecord(book, accepted.record);
    expect(book.acceptances.get('d1')).toMatchObject({
      reason: 'canary',
      actor: 'Kim',
      acceptedAtMs: nowMs,
      untilMs: nowMs + day,
    });
    const listed = (states: DriftFilter['states'], atMs: number) =>
      listDrift(book, { ...anyDrift, tenant: 't', states }, atMs);
    expect([listed([], nowMs).length, listed(['accepted'], nowMs).length]).toEqual([0, 1]);
    expect(listed([], nowMs + day)).toHaveLength(1);
  });

  it('twice is once', () => {
    const first = accept();
    if (!first.ok) throw new Error(first.reason);
    const book = bookOf(newDrift());
    applyDriftRecord(book, first.record);
    const again = acceptDrift(book, request, nowMs + 5000);
    expect(again.ok && again.acceptance.acceptedAtMs).toBe(nowMs);
  });

  it.each<[Partial<AcceptDrift>, string, string]>([
    [{ id: 'none' }, 'not-found', 'id'],
    [{ tenant: 'u' }, 'not-found', 'id'],
    [{ reason: ' ' }, 'invalid', 'reason'],
    [{ reason: 'x'.repeat(1001) }, 'invalid', 'reason'],
    [{ actor: '' }, 'invalid', 'actor'],
    [{ untilMs: nowMs }, 'invalid', 'until'],
    [{ untilMs: Number.NaN }, 'invalid', 'until'],
    [{ untilMs: nowMs + 400 * day }, 'invalid', 'until'],
  ])('refuses %o', (over, code, field) => {
    expect(accept(over)).toMatchObject({ ok: false, code, field });
  });
});

describe('a drift as a change', () => {
  it('began when the drift did, and names both values', () => {
    expect(changeOfDrift(newDrift())).toMatchObject({
      kind: 'scale',
      startedAtMs: nowMs - day,
      actor: 'kubectl-edit',
      summary: 'Deployment shop/pay differs from a, c: spec.replicas is 5, expected 3',
      cluster: { paths: [{ path: 'spec.replicas', from: '3', to: '5' }] },
    });
  });

  it('is the change that made it, where that was reported', () => {
    expect(changeOfDrift(newDrift({ changeId: 'c7' })).id).toBe('c7');
    expect(changeOfDrift(newDrift()).id).not.toBe(changeOfDrift(newDrift({ valuesId: 'v2' })).id);
  });

  it('shows no hashes, and says who usually writes what was changed by hand', () => {
    const hash = `"hash:${'0'.repeat(24)}"`;
    expect(driftText(newDrift({ value: hash, expected: hash }))).toBe(
      'Deployment shop/pay differs from a, c: spec.replicas',
    );
    expect(driftText(newDrift({ against: 'past', reference: 'flux', isExpectedKnown: false, expected: null }))).toBe(
      'Deployment shop/pay was changed by hand, and flux usually writes it: spec.replicas is 5',
    );
  });
});
