import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, strengthOf, suspectsOf } from '../testing/evidence.ts';
import { edge, incident, operation, presence, type Rows } from '../testing/fixture.ts';
import { telemetryGap } from './telemetry-gap.ts';

const others = [presence('web', 779_000), presence('api', 778_000)];
const gone = presence('gone', 610_000);

describe('telemetry gap', () => {
  it('finds a service that went silent while others go on', () => {
    expect(suspectsOf(telemetryGap, { presence: [...others, gone] })).toEqual(['gone blind']);
  });

  it('does not take a signal that everybody lost for the silence of one', () => {
    const rows = ['web', 'api', 'pay'].map((service) => ({ ...presence(service, 610_000), lastMetricMs: 779_000 }));
    expect(suspectsOf(telemetryGap, { presence: [...rows, presence('spans-only', 780_000)] })).toEqual([]);
  });

  it('does not take senders whose clock runs ahead for the silence of others', () => {
    const rows = { presence: [presence('web', 1_080_000), presence('api', 1_080_000), presence('gone', 778_000)] };
    const { answer } = incident('web', rows);
    const watermarks = { spans: 1_080_000, logs: 0, metrics: 0 };
    const suspectsAt = (nowMs: number) =>
      suspectsOf(telemetryGap, rows, { nowMs, answer: answer && { ...answer, watermarks } });
    expect(suspectsAt(780_000)).toEqual([]);
    expect(suspectsAt(1_080_000)).toEqual(['gone blind']);
  });

  it('calls it down when its callers fail', () => {
    const edges = edge({ from: 'web', to: 'gone', errors: [0, 50] });
    expect(suspectsOf(telemetryGap, { presence: [...others, gone], edges })).toEqual(['gone down']);
  });

  it('trusts silence less where many are silent, and where telemetry is still on its way', () => {
    const many = ['a', 'b', 'c'].map((service) => presence(service, 610_000));
    const rows = { presence: [...others, presence('x', 779_000), ...many] };
    const alone = { presence: [...others, gone] };
    expect(strengthOf(telemetryGap, rows)).toBeLessThan(strengthOf(telemetryGap, alone));
    const { answer } = incident('web', alone);
    const late = {
      answer: answer && { ...answer, missing: [{ part: 'spans', code: 'behind' as const, detail: '4' }] },
    };
    expect(strengthOf(telemetryGap, alone, late)).toBeLessThan(0.5 * strengthOf(telemetryGap, alone));
  });

  it('tells an instance that died from one that was replaced', () => {
    const row = (instance: string, lastSpanMs: number) => ({ ...presence('api', lastSpanMs), instance });
    const serves = (instance: string, slice: number): OperationRow[] =>
      operation({ service: 'api', self: [5, 5] })
        .filter((one) => one.slice === slice)
        .map((one) => ({ ...one, instance }));
    const rows = [row('old', 610_000), row('other', 779_000)];
    const stayed = [...serves('old', 0), ...serves('other', 0), ...serves('other', 1)];
    const instances = (operations: OperationRow[]) =>
      findingsOf(telemetryGap, { presence: rows, operations }).map(({ instance }) => instance);
    expect(instances(stayed)).toEqual(['old']);
    expect(instances([...serves('old', 0), ...serves('other', 1)])).toEqual([]);
  });

  it('is compared with how callers are served', () => {
    const calling = (errors: readonly [number, number]): Rows => ({ edges: edge({ from: 'web', to: 'api', errors }) });
    const outcome = (rows: Rows, weightName: 'telemetryGap' | 'down') =>
      refutationOf(telemetryGap, rows, { lead: { weightName } });
    expect(outcome(calling([0, 0]), 'telemetryGap')).toBe('survived: 0 % of 100 calls to it failed since the onset');
    expect(outcome(calling([0, 50]), 'telemetryGap')).toMatch(/^refuted: 50 %/);
    expect(outcome(calling([0, 50]), 'down')).toMatch(/^survived: 50 %/);
    expect(outcome({}, 'telemetryGap')).toMatch(/^not-run: no calls/);
  });
});
