import { findingMechanisms, type WorkloadFinding } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { refutationOf, suspectsOf } from '../../testing/evidence.ts';
import { edge, onsetMs, operation, type Rows } from '../../testing/fixture.ts';
import { objectFault } from '../../testing/object-fault.ts';
import { clusterLimit } from '../cluster-limit.ts';
import { nodeCondition } from '../node-condition.ts';
import { podsFailing } from '../pods-failing.ts';
import { podsNotStarting } from '../pods-not-starting.ts';
import { trafficNotRouted } from '../traffic-not-routed.ts';

const kinds = [podsNotStarting, podsFailing, trafficNotRouted, nodeCondition, clusterLimit];
const failing: Rows = { edges: edge({ from: 'web', to: 'api', errors: [0, 80] }) };
const healthy: Rows = {
  operations: operation({ service: 'api', self: [5, 5] }),
  edges: edge({ from: 'web', to: 'api' }),
};
const refuted = (over: Partial<WorkloadFinding>, rows: Rows) =>
  refutationOf(podsNotStarting, rows, {
    lead: { entity: 'fault:f1', service: 'api' },
    more: { findings: [objectFault(over)] },
  });

it('each mechanism is read by one kind of evidence', () => {
  for (const mechanism of findingMechanisms) {
    const found = kinds.filter(
      (kind) =>
        kind.find !== undefined && suspectsOf(kind, failing, { findings: [objectFault({ mechanism })] }).length > 0,
    );
    expect([mechanism, found.length]).toEqual([mechanism, 1]);
  }
});

it('finds nothing where no cluster reports', () => {
  expect(kinds.flatMap((kind) => suspectsOf(kind, failing))).toEqual([]);
});

describe('the refuting test', () => {
  it('survives where calls fail since, or all pods show it', () => {
    expect(refuted({}, failing)).toMatch(/^survived: calls to api/);
    expect(refuted({}, {})).toMatch(/^survived: all 3 of its pods/);
  });

  it('refutes a fault that came after the harm, and one that nobody feels', () => {
    expect(refuted({ sinceMs: onsetMs + 600_000 }, failing)).toMatch(/^refuted: the harm was there/);
    expect(refuted({ affected: 1 }, healthy)).toBe('refuted: api answers as before');
  });

  it('cannot be run where nothing tells', () => {
    expect(refuted({ affected: 1 }, {})).toBe('not-run: no telemetry of api');
  });
});
