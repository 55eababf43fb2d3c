import type { Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { refutationOf, suspectsOf } from '../testing/evidence.ts';
import { around, deploy, edge, line, onsetMs, operation, presence, type Rows } from '../testing/fixture.ts';
import { callerSide } from './caller-side.ts';

const operations = operation({ service: 'web', self: [5, 5] });
const failing = (to: string) => edge({ from: 'web', to, silent: true, errors: [0, 90] });

describe('caller-side', () => {
  it('blames the caller when all that it calls fails at once', () => {
    const edges = [...failing('db'), ...failing('cache')];
    expect(suspectsOf(callerSide, { operations, edges })).toEqual(['web network']);
  });

  it('blames the caller whose credentials are rejected, and no caller when the line does not say so', () => {
    const rejected = line('web', 'call to db failed: password authentication failed', [0, 90], 17);
    const other = line('web', 'call to db failed: connection refused', [0, 90], 17);
    const common = line('web', 'served', [500, 100]);
    const blamed = (templates: Rows['templates'] = []) =>
      suspectsOf(callerSide, { operations, edges: failing('db'), templates: [...common, ...templates] });
    expect(blamed(rejected)).toEqual(['web credential']);
    expect(blamed(other)).toEqual([]);
  });

  it('blames the caller that a living peer rejects, and no caller if the peer is silent, refuses or was changed', () => {
    const edges = failing('db').map((row) => ({ ...row, calls: 90, duration: around(3, 90) }));
    const alive = [presence('web', 779_000), presence('db', 779_000)];
    const refused = line('web', 'call to db failed: connection refused', [0, 90], 17);
    const blamed = (rows: Rows, changes: readonly Change[] = []): string[] =>
      suspectsOf(callerSide, { operations, edges, ...rows }, { changes });
    expect(blamed({ presence: alive })).toEqual(['web credential']);
    expect(blamed({ presence: [presence('web', 779_000), presence('db', 610_000)] })).toEqual([]);
    expect(blamed({ presence: alive, templates: refused })).toEqual([]);
    expect(blamed({ presence: alive }, [deploy('db', onsetMs - 20_000)])).toEqual([]);
    expect(blamed({})).toEqual([]);
  });

  it('blames new settings of the caller where a dependency fails from then on, and no release', () => {
    const settings = { ...deploy('web', onsetMs - 20_000), kind: 'config' as const };
    const blamed = (change: Change): string[] =>
      suspectsOf(callerSide, { operations, edges: failing('db') }, { changes: [change] });
    expect(blamed(settings)).toEqual(['web config']);
    expect(blamed({ ...settings, startedAtMs: onsetMs - 300_000 })).toEqual([]);
    expect(blamed({ ...settings, kind: 'deploy' })).toEqual([]);
  });

  it('does not excuse a peer that fails its other callers as well', () => {
    const other = edge({ from: 'api', to: 'db', silent: true, errors: [0, 90] });
    const edges = [...failing('db'), ...failing('cache'), ...other];
    expect(suspectsOf(callerSide, { operations, edges })).toEqual([]);
  });

  it('is refuted by others that fail there too', () => {
    const call = (from: string, to: string, fails: boolean) =>
      edge({ from, to, silent: true, errors: [0, fails ? 60 : 0] });
    const served = operation({ service: 'api', self: [5, 5] });
    const own = [...call('api', 'db', true), ...call('api', 'cache', true)];
    expect(refutationOf(callerSide, { operations: served, edges: own })).toBe('not-run: nobody else calls there');
    const edges = [...own, ...call('web', 'db', false)];
    expect(refutationOf(callerSide, { operations: served, edges })).toBe('survived: web is served as before');
  });
});
