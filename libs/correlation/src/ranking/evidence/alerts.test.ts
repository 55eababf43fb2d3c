import { describe, expect, it } from 'vitest';
import type { RankedAlert } from '../input/ranking.ts';
import { findingsOf, refutationOf } from '../testing/evidence.ts';
import { incident, operation, presence, type Rows } from '../testing/fixture.ts';
import { alerts } from './alerts.ts';

const [first] = incident('web', {}).alerts;
const alertOn = (service: string, name = 'Slow'): RankedAlert[] =>
  first === undefined ? [] : [{ ...first, name, entities: { service } }];

describe('alerts', () => {
  it('count for nothing where a callee alerts too', () => {
    const more = { alerts: [...alertOn('web'), ...alertOn('api')], declaredEdges: [{ from: 'web', to: 'api' }] };
    const strengths = findingsOf(alerts, {}, more).map(({ service, strength }) => [service, strength]);
    expect(strengths).toEqual([
      ['api', 1],
      ['web', 0],
    ]);
  });

  it('suggest a mechanism only where their name tells one', () => {
    const found = (name: string) => findingsOf(alerts, {}, { alerts: alertOn('web', name) })[0];
    expect(found('HighLatency')).toMatchObject({ faultType: null, weightName: 'alert' });
    expect(found('FilesystemFull')).toMatchObject({ faultType: 'disk', weightName: 'causeAlert' });
  });

  it('are refuted by healthy telemetry', () => {
    expect(refutationOf(alerts, { operations: operation({ service: 'api', self: [5, 5] }) })).toMatch(/^refuted/);
    const slow = operation({ service: 'api', total: [10, 300], self: [5, 300] });
    expect(refutationOf(alerts, { operations: slow })).toMatch(/^survived/);
    expect(refutationOf(alerts, {})).toBe('not-run: no telemetry of api');
  });

  it('about a node name the node, and are checked against the instances on it', () => {
    const [alert] = alertOn('', 'KubeNodeNotReady').map((one) => ({ ...one, entities: { node: 'n1' } }));
    const more = { alerts: alert === undefined ? [] : [alert] };
    expect(findingsOf(alerts, {}, more)).toMatchObject([{ service: 'n1', faultType: 'node', entity: 'node:n1' }]);
    const rows = (lastSpanMs: number): Rows => ({
      presence: [
        { ...presence('api', lastSpanMs), node: 'n1' },
        { ...presence('web', 779_000), node: 'n2' },
      ],
    });
    const outcome = (lastSpanMs: number) => refutationOf(alerts, rows(lastSpanMs), { lead: { service: 'n1' }, more });
    expect(outcome(610_000)).toBe('survived: 1 of 1 instances on it are unhealthy');
    expect(outcome(779_000)).toBe('refuted: 0 of 1 instances on it are unhealthy');
  });

  it('are reports and no measurements', () => expect(alerts.traits.report).toBe(true));
});
