import { describe, expect, it } from 'vitest';
import { degradedServices } from '../compare/degraded.ts';
import { refuteFinding } from '../evidence/find.ts';
import { resources } from '../evidence/resources.ts';
import { selfTime } from '../evidence/self-time.ts';
import { candidate } from '../testing/candidate.ts';
import { compareRows, finding } from '../testing/evidence.ts';
import { operation, series } from '../testing/fixture.ts';
import { refute } from './refutation.ts';

const comparison = compareRows({
  operations: operation({ service: 'api', self: [10, 110] }),
  series: [series('api', 'process.cpu.utilization', [0.2, 0.9])],
});
const inputs = { ...comparison, degraded: new Set(degradedServices(comparison)) };
const slow = finding({ kind: 'self-time', traits: selfTime.traits, weight: 5 });
const busy = finding({ kind: 'resources', traits: resources.traits, weight: 3 });
const against = finding({ kind: 'callers-unaffected', isAgainst: true, weight: 9 });

describe('refute', () => {
  it('runs the test of the strongest finding for the cause', () => {
    const shown = refute(inputs, candidate('api', { findings: [against, slow, busy] }));
    const { test, how } = refuteFinding(inputs, slow);
    expect(shown.test).toBe(test);
    expect(shown.result.endsWith(how)).toBe(true);
    expect(test).not.toBe(refuteFinding(inputs, busy).test);
  });

  it('shows whether the test refuted the cause', () => {
    const elsewhere = compareRows({
      operations: [...operation({ service: 'api', self: [10, 40] }), ...operation({ service: 'db', self: [10, 310] })],
    });
    const results = [inputs, { ...elsewhere, degraded: new Set<string>() }].map((one) => {
      const { outcome, how } = refuteFinding(one, slow);
      const { result } = refute(one, candidate('api', { findings: [slow] }));
      return { outcome, prefix: result.slice(0, result.length - how.length) };
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(['survived', 'refuted']);
    expect(results[0]?.prefix).not.toBe(results[1]?.prefix);
  });

  it('runs no test before evidence is in, or where nothing speaks for the cause', () => {
    const noEvidence = { ...inputs, input: { ...inputs.input, answer: null } };
    const untested = refute(noEvidence, candidate('api', { findings: [slow] }));
    expect(untested.test).toContain('api');
    expect(refute(inputs, candidate('api', { findings: [against] }))).toEqual(untested);
    expect(refute(inputs, candidate('api', { findings: [slow] }))).not.toEqual(untested);
  });
});
