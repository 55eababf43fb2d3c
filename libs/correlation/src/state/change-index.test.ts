import type { Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { originMs } from '../testing/player.ts';
import { createRandom } from '../testing/random.ts';
import { newChange } from '../testing/record.ts';
import { ChangeIndex } from './change-index.ts';

const at = (id: string, service: string, ms: number, over: Partial<Change> = {}): Change =>
  newChange({
    id,
    entities: { service },
    version: '',
    startedAtMs: originMs + ms,
    receivedAtMs: originMs + ms,
    raw: '',
    ...over,
  });

/** Takes changes one by one and drops what goes first, as the machine does. */
function keep(changes: readonly Change[], most: number): Set<string> {
  const index = new ChangeIndex();
  const kept = new Set<string>();
  for (const change of changes) {
    index.set(change);
    kept.add(change.id);
    const least = kept.size > most ? index.leastWanted() : undefined;
    if (least === undefined) continue;
    index.delete(least);
    kept.delete(least);
  }
  return kept;
}

describe('a flood does not push out the change of another', () => {
  const guilty = at('guilty', 'pay', 0);
  const flood = (of: (i: number) => Change) => Array.from({ length: 2000 }, (_, i) => of(i));

  it.each<[string, (i: number) => Change]>([
    ['sender, whatever it names', (i) => at(`f${i}`, `made-up-${i}`, i, { source: 'webhook' })],
    ['sender, with the same service', (i) => at(`f${i}`, 'pay', i, { source: 'webhook' })],
    ['service', (i) => at(`f${i}`, 'batch', i)],
    ['dozen of services', (i) => at(`f${i}`, `job-${i % 12}`, i)],
    ['object that is no service', (i) => at(`f${i}`, '', i, { entities: { node: 'n1' } })],
  ])('%s', (_what, of) => {
    expect(keep([guilty, ...flood(of)], 100).has('guilty')).toBe(true);
  });

  it('of one sender, each of many services keeps its newest changes', () => {
    const changes = Array.from({ length: 3000 }, (_, i) => at(`c${i}`, i % 2 === 0 ? 'batch' : `s-${(i % 50) + 1}`, i));
    const kept = keep(changes, 300);
    for (let service = 2; service <= 50; service += 2) {
      const own = changes.filter(({ entities }) => entities.service === `s-${service}`);
      expect(kept.has(own.at(-1)?.id ?? '')).toBe(true);
    }
  });
});

/** The same by looking at all changes: the sender with the most bytes, there the most newer ones of its target, then the oldest. */
function leastWanted(changes: readonly Change[]): string | undefined {
  const size = (some: readonly Change[]) => some.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
  const bySender = [...Map.groupBy(changes, ({ source }) => source)];
  const [largest] = bySender.sort(([a, one], [b, other]) => size(other) - size(one) || (a < b ? -1 : 1));
  const own = largest?.[1] ?? [];
  const newer = (change: Change) =>
    own.filter(
      (other) =>
        other.entities.service === change.entities.service &&
        (other.startedAtMs > change.startedAtMs || (other.startedAtMs === change.startedAtMs && other.id > change.id)),
    ).length;
  const rank = (change: Change) => Math.min(newer(change), 8);
  return own.toSorted((a, b) => rank(b) - rank(a) || a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1))[0]?.id;
}

it('finds the same as looking at all changes would, whatever comes and goes', () => {
  const random = createRandom(11);
  const pick = (most: number) => Math.floor(random() * most);
  const index = new ChangeIndex();
  const known = new Map<string, Change>();
  for (let round = 0; round < 300; round += 1) {
    const id = `c${pick(40)}`;
    if (random() < 0.4) {
      index.delete(id);
      known.delete(id);
    } else {
      const change = at(id, `s${pick(4)}`, pick(30), { source: `sender-${pick(3)}` });
      index.set(change);
      known.set(id, change);
    }
    expect(index.leastWanted()).toBe(leastWanted([...known.values()]));
    expect(index.bytes).toBe([...known.values()].reduce((sum, one) => sum + JSON.stringify(one).length, 0));
  }
});

describe('of twenty thousand changes', () => {
  const index = new ChangeIndex();
  for (let i = 0; i < 20_000; i += 1) index.set(at(`c${i}`, `s${i % 5000}`, i * 1000));
  const commit = 'a1b2c3d4e5f6a7b8';
  index.set(at('guilty', 'pay', 5000, { version: commit }));
  index.set(at('push', 'shop-backend', 1000, { source: 'github', version: commit }));
  const query = { services: ['pay'], ids: [], untilMs: originMs + 19_000_000, most: 500 };
  const relevant = index.relevantIds(query);

  it('few are looked up for one incident', () => {
    expect(relevant.length).toBeLessThanOrEqual(1000);
  });

  it('those of its services are among them, with other reports of the same commit', () => {
    expect(relevant).toEqual(expect.arrayContaining(['guilty', 'push']));
    expect(index.relevantIds({ ...query, services: [] })).not.toContain('guilty');
    expect(index.relevantIds({ ...query, services: [], ids: ['guilty'] })).toContain('guilty');
  });

  it('so are the last ones before its time, and none after it', () => {
    expect(relevant).toContain('c19000');
    expect(relevant).not.toContain('c19001');
  });

  it('one service cannot take all the room', () => {
    const own = index.relevantIds({ ...query, services: Array.from({ length: 5000 }, (_, i) => `s${i}`) });
    expect(own.length).toBeLessThanOrEqual(1000);
  });
});
