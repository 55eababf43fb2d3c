import { expect, it } from 'vitest';
import { alerts } from '../evidence/alerts.ts';
import { finding } from '../testing/evidence.ts';
import { explainByShared } from './shared.ts';

const domain = (weight: number) => finding({ kind: 'failure-domain', service: 'node-1', weight });
const gap = (service: string) => finding({ kind: 'telemetry-gap', service, weight: 3 });
const shared = [{ service: 'node-1', kind: 'failure-domain', explains: ['a', 'node-1'] }];

it('explains each service that shares the cause, but not the cause itself nor the rest', () => {
  const explained = explainByShared([domain(5), gap('a'), gap('b')], shared, 0.9);
  expect(explained.map(({ weight }) => Number(weight.toFixed(2)))).toEqual([5, 0.3, 3]);
  expect(explained[1]?.explainedBy).toEqual(['node-1']);
});

it('explains only a part where the shared cause is weak', () => {
  const [, explained] = explainByShared([domain(1), gap('a')], shared, 0.9);
  expect(explained?.weight).toBeCloseTo(3 * (1 - 0.9 / 2));
});

it('leaves reports and evidence against alone', () => {
  const report = finding({ traits: alerts.traits, service: 'a', weight: 1 });
  const against = finding({ service: 'a', isAgainst: true, weight: -1 });
  expect(explainByShared([domain(5), report, against], shared, 0.9).map(({ weight }) => weight)).toEqual([5, 1, -1]);
});

it('lets the strongest of several shared causes explain', () => {
  const zone = { service: 'zone-1', kind: 'failure-domain', explains: ['a'] };
  const other = finding({ kind: 'failure-domain', service: 'zone-1', weight: 6 });
  const [, , explained] = explainByShared([domain(1), other, gap('a')], [...shared, zone], 0.9);
  expect(explained?.explainedBy).toEqual(['zone-1']);
});

it('does not let one shared cause explain another', () => {
  const within = [{ service: 'zone-1', kind: 'failure-domain', explains: ['node-1'] }];
  const zone = finding({ kind: 'failure-domain', service: 'zone-1', weight: 6 });
  expect(explainByShared([zone, domain(5)], within, 0.9)[1]?.weight).toBe(5);
});

it('explains nothing by a shared cause that was weighed to nothing', () => {
  expect(explainByShared([domain(0), gap('a')], shared, 0.9)[1]).toMatchObject({ weight: 3, explainedBy: [] });
});

it('adds to what callees have explained before', () => {
  const partly = { ...gap('a'), explainedBy: ['db'] };
  expect(explainByShared([domain(5), partly], shared, 0.9)[1]?.explainedBy).toEqual(['db', 'node-1']);
});
