import { expect, it } from 'vitest';
import { finding } from '../../testing/evidence.ts';
import { edge, operation, type Rows } from '../../testing/fixture.ts';
import { busy, suspectOf } from '../../testing/suspect.ts';
import { alerts } from '../alerts.ts';
import { selfTime } from '../self-time.ts';
import { refutedTest } from './refuted-test.ts';

const rows: Rows = {
  operations: [
    ...operation({ service: 'web', self: [5, 300] }),
    ...operation({ service: 'api', total: [30, 60], self: [5, 30] }),
  ],
  edges: edge({ from: 'web', to: 'api', total: [30, 60] }),
};
const slow = (service: string) => finding({ kind: 'self-time', traits: selfTime.traits, service, strength: 0.8 });

it('is that the refuting test of the strongest support refuted it', () => {
  expect(refutedTest.find(suspectOf(rows, [slow('api')]))).toMatchObject([
    { isAgainst: true, weightName: 'refutedTest', strength: -0.8 },
  ]);
  expect(refutedTest.find(suspectOf(rows, [slow('web')]))).toEqual([]);
});

it('tests a measurement before a report', () => {
  const report = finding({ kind: 'alerts', traits: alerts.traits });
  const [found] = refutedTest.find(suspectOf(rows, [report, slow('api')]));
  expect(found?.reference).toEqual(slow('api').reference);
});

it('says nothing where the test could not be run', () => {
  expect(refutedTest.find(suspectOf({}, [busy]))).toEqual([]);
});
