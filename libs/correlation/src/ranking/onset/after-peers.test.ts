import type { SeriesRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { series } from '../testing/fixture.ts';
import { afterPeers } from './after-peers.ts';

const from = (row: SeriesRow, instance: string, fromMs: number): SeriesRow => ({
  ...row,
  instance,
  points: row.points.filter(([atMs]) => atMs >= fromMs),
});
const latency = (value: number): SeriesRow => series('api', 'latency.average', [value, value], 's');
const started = (row: Pick<SeriesRow, 'instance'>): number | null => (row.instance === 'new' ? 600_000 : null);

it('a fresh instance follows the mean of its peers', () => {
  const fresh = from(latency(9), 'new', 600_000);
  const peers = [from(latency(1), 'a', 0), from(latency(3), 'b', 0)];
  const read = afterPeers([...peers, fresh], { startOf: started })(fresh);
  const ofRead = read?.points ?? [];
  expect(ofRead.map(([atMs]) => atMs)).toEqual((peers[0]?.points ?? []).map(([atMs]) => atMs));
  for (const [atMs, mean] of ofRead) expect(Math.round(mean)).toBe(atMs < 600_000 ? 2 : 9);
});

it('an instance that ran before is read as it is', () => {
  const old = from(latency(1), 'a', 0);
  expect(afterPeers([old], { startOf: started })(old)).toBe(old);
});

it('without peers, or by what a start changes, a fresh instance shows no step', () => {
  const memory = (instance: string, fromMs: number) => from(series('api', 'memory.usage', [5, 1]), instance, fromMs);
  const fresh = memory('new', 600_000);
  expect(afterPeers([memory('a', 0), fresh], { startOf: started })(fresh)).toBeNull();
  const alone = from(latency(9), 'new', 600_000);
  expect(afterPeers([alone], { startOf: started })(alone)).toBeNull();
});
