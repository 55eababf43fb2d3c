import type { WorkloadFinding } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { edge, onsetMs, presence, type Rows, startedAtMs } from '../../testing/fixture.ts';
import { objectFault } from '../../testing/object-fault.ts';
import { objectFaults } from './object-faults.ts';

const failing = edge({ from: 'web', to: 'api', errors: [0, 80] });
const fitsOf = (faults: readonly WorkloadFinding[], rows: Rows = { edges: failing }) =>
  objectFaults(compareRows(rows, { findings: faults })).map(({ fit }) => fit);
const fitOf = (over: Partial<WorkloadFinding> = {}, rows?: Rows) => fitsOf([objectFault(over)], rows)[0] ?? 0;

describe('how well a fault fits', () => {
  it('is nearly one where calls of an alerting service to it fail since', () => {
    expect(fitOf()).toBeGreaterThan(0.95);
  });

  it('is less where its calls are as before, and little where nobody that alerts calls it', () => {
    const well = edge({ from: 'web', to: 'api' });
    expect(fitOf({}, { edges: well })).toBeLessThan(0.9);
    expect(fitOf({ entities: { service: 'other', namespace: 'shop' } })).toBeLessThan(0.1);
  });

  it('is less in another namespace than in that of the alert, where nobody knows who calls whom', () => {
    const alerts = [
      {
        name: 'Slow',
        severity: 'critical' as const,
        startsAtMs: startedAtMs,
        status: 'firing' as const,
        entities: { service: 'web', namespace: 'shop' },
        labels: {},
      },
    ];
    const [same = 0, other = 0] = ['shop', 'mail'].map(
      (namespace) =>
        objectFaults(
          compareRows({}, { alerts, findings: [objectFault({ entities: { service: 'api', namespace } })] }),
        )[0]?.fit,
    );
    expect(same).toBeGreaterThan(4 * other);
  });

  it('falls with the age of the fault and with its delay after the harm', () => {
    const ages = [0, 30, 120].map((minutes) => fitOf({ sinceMs: onsetMs - minutes * 60_000 }));
    expect(ages).toEqual([...ages].sort((a, b) => b - a));
    expect(ages[1]).toBeCloseTo(0.5, 1);
    expect(fitOf({ sinceMs: startedAtMs + 600_000 })).toBeLessThan(0.3);
  });

  it('is nothing for one that was over before, and little for one that lasted seconds', () => {
    expect(fitOf({ sinceMs: 0, endedAtMs: onsetMs - 300_000 })).toBe(0);
    expect(fitOf({ sinceMs: onsetMs - 1000, endedAtMs: onsetMs })).toBeLessThan(0.05);
  });

  it('is half as good for one of many pods', () => {
    expect(fitOf({ affected: 1, total: 100 }) / fitOf()).toBeCloseTo(0.5, 1);
  });
});

it('a fault that may follow from another one of its service counts little beside that', () => {
  const effect = objectFault({ id: 'f2', mechanism: 'no-ready-endpoints' });
  const [alone = 0] = fitsOf([effect]);
  const [, beside = 0] = fitsOf([objectFault(), effect]);
  expect(beside).toBeCloseTo(alone / 5, 5);
});

describe('a fault of a node', () => {
  const onNode = (node: string): Rows => ({ edges: failing, presence: [{ ...presence('api', 770_000), node }] });
  const node = objectFault({
    mechanism: 'node-not-ready',
    object: { kind: 'Node', namespace: '', name: 'n1' },
    entities: { node: 'n1', cluster: 'east' },
  });

  it('counts where services run on it that alert or are degraded', () => {
    const [here = 0] = fitsOf([node], { ...onNode('n1'), edges: edge({ from: 'web', to: 'api', total: [10, 900] }) });
    const [elsewhere = 0] = fitsOf([node], onNode('n2'));
    expect(elsewhere).toBeLessThan(0.1);
    expect(here).toBeGreaterThan(elsewhere);
  });
});

describe('an outage of the DNS of the cluster', () => {
  const dns = (cluster: string) =>
    objectFault({
      id: 'dns',
      mechanism: 'dns-down',
      object: { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' },
      entities: { service: 'coredns', namespace: 'kube-system', cluster },
    });
  const alerts = [
    {
      name: 'Slow',
      severity: 'critical' as const,
      startsAtMs: startedAtMs,
      status: 'firing' as const,
      entities: { service: 'web', namespace: 'shop', cluster: 'east' },
      labels: {},
    },
  ];
  const fit = (...findings: readonly WorkloadFinding[]) =>
    objectFaults(compareRows({ edges: failing }, { alerts, findings }))[0]?.fit ?? 0;

  it('is connected with alerts of its cluster, which no call shows', () => {
    expect(fit(dns('east'))).toBeGreaterThan(0.7);
    expect(fit(dns('west'))).toBeLessThan(0.1);
  });

  it('explains no alert about what has a fault of its own', () => {
    const own = objectFault({ entities: { service: 'web', namespace: 'shop', cluster: 'east' } });
    expect(fit(dns('east'), own)).toBeLessThan(0.1);
  });
});
