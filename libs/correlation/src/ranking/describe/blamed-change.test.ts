import type { Change, OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { deploy, edge, onsetMs, operation, type Rows } from '../testing/fixture.ts';
import { blamedChange } from './blamed-change.ts';

/** web -> api -> db, and db sends no spans. */
const chain: Rows = {
  operations: ['web', 'api'].flatMap((service) => operation({ service, self: [5, 5] })),
  edges: [...edge({ from: 'web', to: 'api' }), ...edge({ from: 'api', to: 'db', silent: true })],
};
const before = (service: string, seconds: number, fields: Partial<Change> = {}): Change => ({
  ...deploy(service, onsetMs - seconds * 1000),
  ...fields,
});
const blamed = (service: string, changes: readonly Change[], rows = chain): string | null =>
  blamedChange(compareRows(rows, { changes }), service)?.id ?? null;

describe('blamedChange', () => {
  it('is the nearest of several changes of the service', () => {
    const changes = [before('api', 300), before('api', 20), before('api', 100)];
    expect(blamed('api', changes)).toBe(changes[1]?.id);
  });

  it('is the first by id of changes that fit equally well, in whatever order they came', () => {
    const changes = [before('api', 20, { id: 'b' }), before('api', 20, { id: 'a' })];
    expect([blamed('api', changes), blamed('api', changes.toReversed())]).toEqual(['a', 'a']);
  });

  it.each([
    [60, true],
    [900, true],
    [1_300, false],
    [-30, true],
    [-90, false],
  ])('is a change %i s before the onset: %s', (seconds, isBlamed) => {
    expect(blamed('api', [before('api', seconds)]) !== null).toBe(isBlamed);
  });

  describe('of a dependency that sends nothing', () => {
    it('is a change of its caller right before the onset, and no older one', () => {
      expect(blamed('db', [before('api', 60)])).not.toBeNull();
      expect(blamed('db', [before('api', 180)])).toBeNull();
    });

    it('may be a little older where the change mentions the dependency', () => {
      expect(blamed('db', [before('api', 140)])).toBeNull();
      expect(blamed('db', [before('api', 140, { summary: 'new pool of db' })])).not.toBeNull();
    });

    it('is a change of the database itself, whoever made it', () => {
      expect(blamed('db', [before('ops', 300, { entities: { service: 'ops', database: 'db' } })])).not.toBeNull();
      expect(blamed('db', [before('ops', 300, { entities: { database: 'db' } })])).not.toBeNull();
    });

    it('is no change of a service that does not call it', () => {
      expect(blamed('db', [before('web', 20)])).toBeNull();
    });
  });

  it('is no change of a caller where the service sends spans, which show its own harm', () => {
    expect(blamed('api', [before('web', 20)])).toBeNull();
  });

  it('is no change that instances without it contradict, since they suffer as much', () => {
    const version = (name: string, only?: number): OperationRow[] =>
      operation({ service: 'api', self: [10, 100] })
        .filter(({ slice }) => only === undefined || slice === only)
        .map((row) => ({ ...row, version: name, instance: `api-${name}` }));
    const change = [before('api', 20)];
    expect(blamed('api', change, { operations: version('1.0') })).not.toBeNull();
    expect(blamed('api', change, { operations: [...version('1.0'), ...version('2.0', 1)] })).toBeNull();
  });
});
