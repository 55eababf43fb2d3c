import { expect, it } from 'vitest';
import { finding } from '../../testing/evidence.ts';
import { edge, operation, type Rows } from '../../testing/fixture.ts';
import { suspectOf } from '../../testing/suspect.ts';
import { selfTime } from '../self-time.ts';
import { telemetryGap } from '../telemetry-gap.ts';
import { notUpstream } from './not-upstream.ts';

const rows: Rows = {
  operations: ['web', 'mail'].flatMap((service) => operation({ service, self: [5, 50] })),
  edges: [...edge({ from: 'web', to: 'api' }), ...edge({ from: 'batch', to: 'mail' })],
};
const slow = (service: string) => finding({ traits: selfTime.traits, service });

it('is that no alerting service calls it', () => {
  expect(notUpstream.find(suspectOf(rows, [slow('mail')]))).toMatchObject([
    { strength: -1, reference: { view: 'edges', service: '', peer: 'mail' } },
  ]);
  expect(notUpstream.find(suspectOf(rows, [slow('api')]))).toEqual([]);
});

it('says nothing of what is no service, nor where only a part may be hit', () => {
  expect(notUpstream.find(suspectOf(rows, [slow('node-1')]))).toEqual([]);
  const gone = finding({ traits: telemetryGap.traits, service: 'mail' });
  expect(notUpstream.find(suspectOf(rows, [gone]))).toEqual([]);
});
