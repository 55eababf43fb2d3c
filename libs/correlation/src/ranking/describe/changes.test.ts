import type { Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compare, compareAtOnset } from '../compare/compare.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { candidate } from '../testing/candidate.ts';
import { compareRows } from '../testing/evidence.ts';
import { deploy, incident, onsetMs, operation, type Rows, startedAtMs } from '../testing/fixture.ts';
import { judgeChanges } from './changes.ts';

const rows: Rows = { operations: ['web', 'api', 'cart'].flatMap((service) => operation({ service, self: [5, 5] })) };
const before = (service: string, seconds: number): Change => deploy(service, onsetMs - seconds * 1000);
const verdictOf = (change: Change, candidates = [candidate('api')], more: Rows = {}): string | undefined =>
  judgeChanges(compareRows({ ...rows, ...more }, { changes: [change] }), candidates)[0]?.verdict;

describe('judgeChanges', () => {
  it.each([
    ['of the cause, right before the onset', before('api', 20), 'suspect'],
    ['of the cause, after the onset', before('api', -200), 'innocent'],
    ['of the cause, an hour before', before('api', 3_600), 'possible'],
    ['of a service that answers as before', before('cart', 20), 'innocent'],
    ['of something that no telemetry knows', { ...before('api', 20), entities: { topic: 'orders' } }, 'possible'],
    ['of nothing that it names', { ...before('api', 20), entities: {} }, 'possible'],
  ])('a change %s', (_what, change, verdict) => {
    expect(verdictOf(change)).toBe(verdict);
  });

  it('leaves a change possible whose service shifted as well, and clears one whose service hardly did', () => {
    const withCart = (logOdds: number) => [candidate('api'), candidate('cart', { logOdds })];
    expect(verdictOf(before('cart', 20), withCart(1.5))).toBe('possible');
    expect(verdictOf(before('cart', 20), withCart(0.5))).toBe('innocent');
  });

  it('has no more than one suspect', () => {
    const changes = [before('api', 20), before('api', 60)];
    const judged = judgeChanges(compareRows(rows, { changes }), [candidate('api')]);
    expect(judged.map(({ id, verdict }) => [id, verdict])).toEqual([
      [changes[1]?.id, 'possible'],
      [changes[0]?.id, 'suspect'],
    ]);
  });

  it('clears a change whose new instances suffer no more than the old ones, although it fits in time', () => {
    const version = (name: string) =>
      operation({ service: 'api', self: [10, 100] }).map((row) => ({ ...row, version: name, instance: name }));
    const operations = [...version('1.0'), ...version('2.0').filter(({ slice }) => slice === 1)];
    expect(verdictOf(before('api', 20), [candidate('api')], { operations })).toBe('innocent');
  });

  it('judges by time alone before evidence is in', () => {
    const changes = [before('api', 20), before('api', -200), before('web', 20)];
    const inputs = compareAtOnset(incident('web', null, { changes }), knownOnset(onsetMs));
    const verdicts = judgeChanges(inputs, [candidate('api')]).map(({ entity, verdict }) => `${entity} ${verdict}`);
    expect(verdicts).toEqual(['service:api suspect', 'service:web possible', 'service:api innocent']);
  });

  it('acquits nothing that was made before the first alert where no signal shows the onset', () => {
    const before = (seconds: number) => deploy('web', startedAtMs - seconds * 1000);
    const changes = [before(20), before(-90)];
    for (const answer of [null, incident('web', {}).answer]) {
      const inputs = compare({ ...incident('web', null, { changes }), answer });
      expect(judgeChanges(inputs, [], false).map(({ verdict, reason }) => [verdict, reason])).toEqual([
        ['possible', expect.stringMatching(/^made 20 s before the first alert; no /)],
        ['innocent', expect.stringMatching(/^made 90 s after the first alert/)],
      ]);
    }
  });

  it('clears nothing for a shift that no telemetry could show', () => {
    const [judged] = judgeChanges(compareRows(rows, { changes: [before('batch', 20)] }), [candidate('api')]);
    expect(judged).toMatchObject({
      verdict: 'possible',
      reason: expect.stringContaining('no telemetry of batch was read'),
    });
  });

  it('dates nothing by a cause where there is none', () => {
    const judged = judgeChanges(compareRows(rows, { changes: [before('cart', 20), before('cart', -200)] }), []);
    expect(judged.map(({ verdict }) => verdict)).toEqual(['innocent', 'innocent']);
  });

  it('lists changes in the order of time, those of one moment by id', () => {
    const changes = ['b', 'a'].map((id) => ({ ...before('cart', 20), id }));
    const judged = judgeChanges(compareRows(rows, { changes: [...changes, before('api', 500)] }), []);
    expect(judged.map(({ id }) => id)).toEqual([before('api', 500).id, 'a', 'b']);
  });

  it('carries what people look a change up by', () => {
    const change = { ...before('api', 20), actor: 'ana', url: 'https://ci/1', summary: 'pool size' };
    const [judged] = judgeChanges(compareRows(rows, { changes: [change] }), []);
    expect(judged).toMatchObject({ id: change.id, kind: 'deploy', entity: 'service:api', actor: 'ana' });
    expect(judged).toMatchObject({ startedAtMs: change.startedAtMs, url: 'https://ci/1', summary: 'pool size' });
  });
});
