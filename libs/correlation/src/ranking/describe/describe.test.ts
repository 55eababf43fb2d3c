import { describe, expect, it } from 'vitest';
import { compareAtOnset } from '../compare/compare.ts';
import { degradedServices } from '../compare/degraded.ts';
import { telemetryGap } from '../evidence/telemetry-gap.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { compareRows, finding } from '../testing/evidence.ts';
import { deploy, edge, incident, onsetMs, operation, presence, type Rows } from '../testing/fixture.ts';
import { blamedChange } from './blamed-change.ts';
import { judgeChanges } from './changes.ts';
import { shownEvidence } from './evidence.ts';
import { incidentGraph } from './graph.ts';
import { describeHypothesis } from './hypothesis.ts';
import { instanceOf } from './instance.ts';
import { pathToSymptom } from './path.ts';
import { silentSinceMs, sinceOf } from './since.ts';
import { onsetEntry } from './timeline.ts';

const chain: Rows = {
  operations: ['web', 'api'].flatMap((service) => operation({ service, self: [5, 5] })),
  edges: [...edge({ from: 'web', to: 'api' }), ...edge({ from: 'api', to: 'db', silent: true })],
};
const candidate = (service: string, findings = [finding({ service })]) => ({
  service,
  instance: '',
  kind: 'latency' as const,
  logOdds: 4,
  probability: 0.9,
  findings,
});

describe('pathToSymptom', () => {
  const path = (cause: string, alerting: readonly string[]) =>
    pathToSymptom({ ...compareRows(chain), alerting: new Set(alerting) }, cause);

  it('leads up to the topmost alert', () => {
    expect(path('db', ['web', 'api'])).toEqual(['db', 'api', 'web']);
    expect(path('web', ['web'])).toEqual(['web']);
  });

  it('leads down where only callees alert, and nowhere without a connection', () => {
    expect(path('web', ['db'])).toEqual(['web', 'api', 'db']);
    expect(path('elsewhere', ['web'])).toEqual(['elsewhere']);
  });
});

describe('instanceOf', () => {
  it('is the only instance where the evidence points at none', () => {
    expect(instanceOf(compareRows(chain), { service: 'api', instance: '' })).toBe('api-1');
    expect(instanceOf(compareRows(chain), { service: 'api', instance: 'x' })).toBe('x');
    const two = { presence: ['1', '2'].map((n) => ({ ...presence('api', 1), instance: n })) };
    expect(instanceOf(compareRows(two), { service: 'api', instance: '' })).toBe('');
  });
});

describe('shownEvidence', () => {
  const inputs = compareRows(chain);

  it('keeps eight findings for and four against, and says what explains them', () => {
    const many = Array.from({ length: 10 }, () =>
      finding({ weight: 1, summary: 'slow', explainedBy: ['db', 'node-1'] }),
    );
    const against = Array.from({ length: 6 }, () => finding({ weight: -1, isAgainst: true }));
    const shown = shownEvidence(inputs, [...many, ...against]);
    expect(shown.map(({ weight }) => weight)).toEqual([...Array(8).fill(1), ...Array(4).fill(-1)]);
    expect(shown[0]?.summary).toBe('slow (partly explained by db) (partly explained by node-1)');
  });

  it('refers to both windows, or to an hour before the alert without evidence', () => {
    expect(shownEvidence(inputs, [finding()])[0]?.source).toMatchObject({
      before: { fromMs: 0, toMs: onsetMs },
      during: { fromMs: onsetMs, toMs: 780_000 },
    });
    const without = compareAtOnset(incident('web', null), knownOnset(onsetMs));
    expect(shownEvidence(without, [finding()])[0]?.source?.before).toEqual({
      fromMs: 720_000 - 3_600_000,
      toMs: 720_000,
    });
  });
});

describe('silentSinceMs', () => {
  const gap = candidate('gone', [finding({ service: 'gone', traits: telemetryGap.traits })]);
  const rows = { presence: [presence('web', 779_000), presence('gone', 610_000)] };

  it('is the last sign of life of what went silent', () => {
    expect(silentSinceMs(compareRows(rows), gap)).toBe(610_000);
    expect(silentSinceMs(compareRows(rows), candidate('gone'))).toBeNull();
  });

  it('is null where it had been silent long before the onset', () => {
    expect(
      silentSinceMs(compareRows({ presence: [presence('web', 779_000), presence('gone', 100_000)] }), gap),
    ).toBeNull();
  });
});

describe('changes', () => {
  const changes = [
    deploy('api', onsetMs - 20_000),
    deploy('web', onsetMs + 200_000),
    deploy('other', onsetMs - 60_000),
  ];
  const inputs = compareRows(chain, { changes });

  it('blame the service’s own deploy, or one of the caller of a dependency without telemetry', () => {
    expect(blamedChange(inputs, 'api')?.id).toBe(changes[0]?.id);
    expect(blamedChange(inputs, 'db')?.id).toBe(changes[0]?.id);
    expect(blamedChange(inputs, 'web')).toBeNull();
  });

  it('are judged in the order of time', () => {
    const verdicts = judgeChanges(inputs, [candidate('api')]).map(({ entity, verdict }) => `${entity} ${verdict}`);
    expect(verdicts).toEqual(['service:other possible', 'service:api suspect', 'service:web innocent']);
    const undecided = judgeChanges(inputs, [candidate('api')], false).map(({ verdict }) => verdict);
    expect(undecided).not.toContain('suspect');
  });

  it('move the onset of the cause up to when they were made', () => {
    const late = compareRows(chain, { changes: [deploy('api', onsetMs + 30_000)] });
    expect(sinceOf(late, candidate('api'))).toBe(onsetMs + 30_000);
    expect(sinceOf(inputs, candidate('api'))).toBe(onsetMs);
  });
});

describe('describeHypothesis', () => {
  const describe = (kind: 'deploy' | 'config', mayBlame = true) => {
    const comparison = compareRows(chain, { changes: [{ ...deploy('api', onsetMs - 20_000), kind }] });
    const inputs = { ...comparison, degraded: new Set(degradedServices(comparison)) };
    return describeHypothesis(inputs, candidate('api'), { rank: 1, mayBlame });
  };

  it('calls a service misconfigured that is slow since its settings were changed', () => {
    expect(describe('config').cause.kind).toBe('config');
    expect(describe('deploy').cause.kind).toBe('latency');
  });

  it('blames no change while nothing is identified', () => {
    expect(describe('deploy').changeId).not.toBeNull();
    expect(describe('deploy', false).changeId).toBeNull();
  });
});

it('the onset entry tells the strongest finding', () => {
  const entry = onsetEntry(candidate('api', [finding({ summary: 'api is slow' })]), onsetMs);
  expect(entry).toEqual({ atMs: onsetMs, kind: 'onset', text: 'api is slow' });
});

describe('incidentGraph', () => {
  const roles = { cause: 'db', paths: [['db', 'api', 'web']], degraded: new Set<string>(), blind: new Set<string>() };

  it('gives each service its role, and each edge its state', () => {
    const { nodes, edges } = incidentGraph(compareRows(chain), roles);
    expect(nodes.map(({ service, role }) => `${service} ${role}`)).toEqual(['api affected', 'db cause', 'web symptom']);
    expect(edges.map(({ from, to, source }) => [from, to, source])).toEqual([
      ['api', 'db', 'client-span'],
      ['web', 'api', 'trace'],
    ]);
  });

  it('adds declared edges that were not seen', () => {
    const declaredEdges = [
      { from: 'web', to: 'api' },
      { from: 'web', to: 'cache' },
    ];
    const { edges } = incidentGraph(compareRows(chain, { declaredEdges }), roles);
    expect(edges.find(({ to }) => to === 'cache')).toMatchObject({ from: 'web', source: 'declared', calls: 0 });
    expect(edges).toHaveLength(3);
  });
});
