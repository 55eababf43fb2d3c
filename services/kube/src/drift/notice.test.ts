import { acceptDrift } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { Fleet, type Listed } from '../testing/fleet.ts';
import { type DeploymentSpec, deployment } from '../testing/objects.ts';

const day = 86_400_000;
const pay = (spec: DeploymentSpec = {}): Listed => [
  'Deployment',
  deployment('pay', { ...spec, labels: { team: 'shop' } }),
];

/** In `b` the image of `pay` has drifted. */
function drifted(notify: 'off' | 'high' | 'medium' = 'high', spec: DeploymentSpec = { image: 'pay:2' }): Fleet {
  const fleet = new Fleet({ config: { notify } });
  for (const cluster of ['a', 'b', 'c']) fleet.start(cluster, [cluster === 'b' ? pay(spec) : pay()]);
  return fleet;
}

const told = (fleet: Fleet) => fleet.alerts.map(({ status, entities }) => `${status} ${entities.service}`);

describe('the owner', () => {
  it('is told once of each object, and of its end', () => {
    const fleet = drifted();
    fleet.put('b', pay({ image: 'pay:2', env: [{ name: 'A', value: '1' }] }));
    for (const cluster of ['b', 'a', 'b']) fleet.start(cluster);
    fleet.advance(60_000);
    expect(told(fleet)).toEqual(['firing pay']);
    expect(fleet.alerts).toMatchObject([
      { severity: 'info', source: 'kubernetes-drift', labels: { team: 'shop', cluster: 'b', kind: 'Deployment' } },
    ]);
    fleet.put('b', pay());
    expect(told(fleet)).toEqual(['firing pay', 'resolved pay']);
    expect(new Set(fleet.alerts.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(fleet.alerts[1]?.startsAtMs).toBe(fleet.alerts[0]?.startsAtMs);
  });

  it('is not told without the setting, nor of what is less risky than it says', () => {
    expect(told(drifted('off'))).toEqual([]);
    expect(told(drifted('high', { replicas: 5 }))).toEqual([]);
    expect(told(drifted('medium', { replicas: 5 }))).toEqual(['firing pay']);
  });

  it('is told again when the end date of an acceptance passes', () => {
    const fleet = drifted();
    accept(fleet);
    expect(told(fleet)).toEqual(['firing pay', 'resolved pay']);
    fleet.advance(day / 2);
    fleet.start('b');
    expect(told(fleet)).toHaveLength(2);
    fleet.advance(day);
    expect(told(fleet)).toEqual(['firing pay', 'resolved pay', 'firing pay']);
  });

  it('is told again when the value is another than the accepted one', () => {
    const fleet = drifted();
    accept(fleet);
    fleet.put('b', pay({ image: 'pay:3' }));
    expect(told(fleet)).toEqual(['firing pay', 'resolved pay', 'firing pay']);
  });
});

function accept(fleet: Fleet): void {
  const id = fleet.present()[0]?.id ?? '';
  const request = { tenant: 't', id, reason: 'canary', untilMs: fleet.nowMs + day, actor: 'Kim', idempotencyKey: '' };
  const accepted = acceptDrift(fleet.book(), request, fleet.nowMs);
  if (!accepted.ok) throw new Error(accepted.reason);
  fleet.publish(accepted.record);
}
