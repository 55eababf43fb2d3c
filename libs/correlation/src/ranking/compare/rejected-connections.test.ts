import type { Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { deploy, type EdgeSpec, edge, onsetMs, presence, type Rows } from '../testing/fixture.ts';
import { hasNewSettings, rejectionOf } from './rejected-connections.ts';

interface Case {
  readonly spec?: Partial<EdgeSpec>;
  readonly presence?: Rows['presence'];
  readonly changes?: readonly Change[];
}

const alive = [presence('db', 779_000)];

/** `web` calls `db`, which lives and rejects nearly all, unless the case says otherwise. */
function rejection({ spec, presence: rows = alive, changes = [] }: Case = {}) {
  const failing = { from: 'web', to: 'db', silent: true, errors: [0, 95], total: [5, 5], ...spec } as const;
  const comparison = compareRows({ edges: edge(failing), presence: rows }, { changes });
  return comparison.edges.map((one) => rejectionOf(comparison, one))[0];
}

describe('a healthy peer rejects a caller', () => {
  it('at once for wrong credentials, and later where the path is lost', () => {
    expect(rejection()).toBe('credential');
    expect(rejection({ spec: { total: [5, 900] } })).toBe('network');
  });

  it.each<[string, Case]>([
    ['a tenth still arrives', { spec: { errors: [0, 89] } }],
    ['there are too few calls', { spec: { calls: [500, 4], errors: [0, 4] } }],
    ['the failed calls reached the peer, whose spans show them', { spec: { silent: false } }],
    ['the peer sends no telemetry', { presence: [] }],
    ['the peer fell silent at the onset', { presence: [presence('db', onsetMs)] }],
    ['one of its instances fell silent', { presence: [...alive, presence('db', onsetMs + 1_000)] }],
    ['the peer was just changed', { changes: [deploy('db', onsetMs - 60_000)] }],
  ])('not where %s', (_, given) => {
    expect(rejection(given)).toBeNull();
  });

  it('whatever happened to an instance that ended long before', () => {
    const ended = [...alive, presence('db', 1)];
    const atMs = 1_000_000;
    const comparison = compareRows({
      edges: edge({ from: 'web', to: 'db', silent: true, errors: [0, 95] }),
      presence: ended,
    });
    const later = { ...comparison, onset: { ...comparison.onset, atMs } };
    expect(later.edges.map((one) => rejectionOf(later, one))).toEqual(['credential']);
  });

  it.each([
    ['of the caller', deploy('web', onsetMs - 60_000)],
    ['long before', deploy('db', onsetMs - 900_000)],
  ])('also after a change %s', (_, change) => {
    expect(rejection({ changes: [change] })).toBe('credential');
  });
});

describe('hasNewSettings', () => {
  const isNew = (change: Change) => {
    const comparison = compareRows({ edges: edge({ from: 'web', to: 'db' }) }, { changes: [change] });
    return comparison.edges.map((one) => hasNewSettings(comparison, one))[0];
  };
  const settings = (service: string, atMs: number, kind: Change['kind'] = 'config'): Change => ({
    ...deploy(service, atMs),
    kind,
  });

  it.each([
    ['a configuration of the caller, right before', settings('web', onsetMs - 60_000), true],
    ['a flag counts as well', settings('web', onsetMs, 'flag'), true],
    ['a deploy is another matter', settings('web', onsetMs, 'deploy'), false],
    ['the callee reads other settings', settings('db', onsetMs), false],
    ['settings take effect at once', settings('web', onsetMs - 61_000), false],
  ])('%s', (_, change, expected) => {
    expect(isNew(change)).toBe(expected);
  });
});
