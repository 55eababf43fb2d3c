import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { contrastClusters } from '../compare/change/clusters.ts';
import { contrastChange } from '../compare/change/contrast.ts';
import { contrastVersions } from '../compare/change/versions.ts';
import { createContext } from '../compare/compare.ts';
import { symptomStrength } from '../compare/symptom.ts';
import { traffic } from '../evidence/traffic.ts';
import type { SupportName, Weighed } from '../finding/finding.ts';
import { lookAtOperations } from '../finding/reference.ts';
import { deploy, edge, incident, onsetMs, operation, presence, slices } from '../fixture.ts';
import type { RankingInput } from '../input/ranking.ts';
import { knownOnset } from '../onset/find-onset.ts';
import type { Candidate } from '../probability/candidate.ts';
import { keepSecondCause } from '../probability/second-cause.ts';
import { rankHypotheses } from '../rank.ts';
import { isErrorLike, mechanismOf } from '../vocabulary/log-mechanism.ts';
import { explainAway } from './callees.ts';
import { explainShared, sharedCauses } from './shared.ts';

const finding = (service: string, kind: SupportName, weight: number, explainable = 0): Weighed => ({
  kind,
  reason: 'selfTime',
  service,
  instance: '',
  causeKind: 'latency',
  entity: '',
  strength: weight / 5,
  explainable,
  summary: '',
  before: '',
  during: '',
  look: lookAtOperations(service),
  weight,
});

describe('explaining away', () => {
  it('takes a time-out off whoever waited, and leaves own errors alone', () => {
    const findings = [
      finding('web', 'self-time', 4, 1),
      finding('web', 'own-errors', 3),
      finding('api', 'self-time', 5),
    ];
    expect(explainAway(findings, { web: ['api'] }, 0.9).map(({ weight }) => weight)).toEqual([4 - 0.9 * 4, 3, 5]);
  });

  it('does not explain a lost step by a callee that is only slow', () => {
    const findings = [finding('web', 'steps', 4, 1), finding('api', 'self-time', 5)];
    expect(explainAway(findings, { web: ['api'] }, 0.9).map(({ weight }) => weight)).toEqual([4, 5]);
  });

  it('lets what services share explain each of them, but not the rest', () => {
    const findings = [finding('node-1', 'shared-place', 5), finding('a', 'blind', 3), finding('b', 'blind', 3)];
    const shared = [{ service: 'node-1', kind: 'shared-place', explains: ['a'] }];
    expect(explainShared(findings, shared, 0.9).map(({ weight }) => Math.round(100 * weight) / 100)).toEqual([
      5, 0.3, 3,
    ]);
  });
});

describe('a surge', () => {
  /** The entry is asked that many times more, and what breaks under it not at all. */
  const explainedAt = (times: number): readonly string[] => {
    const short = [...slices, { fromMs: 540_000, toMs: onsetMs }];
    const calls = (service: string, before: number, during: number): OperationRow[] =>
      operation({ service, self: [5, 5], calls: [before, during] }).map((row) =>
        row.slice === 0 ? { ...row, slice: 2 } : row,
      );
    const operations = [...calls('web', 60, 180 * times), ...calls('api', 60, 90), ...calls('mail', 60, 90)];
    const input = incident('web', { operations, edges: edge({ from: 'web', to: 'api' }) });
    const context = createContext(
      { ...input, answer: input.answer && { ...input.answer, slices: short } },
      knownOnset(onsetMs),
    );
    return sharedCauses(context, traffic(context))[0]?.explains ?? [];
  };

  it('explains all that it reaches where it is beyond what systems are built for, and none that it does not', () => {
    expect(explainedAt(4)).toEqual(['api']);
    expect(explainedAt(2.5)).toEqual([]);
  });
});

describe('a second cause', () => {
  const edges = [
    ...edge({ from: 'web', to: 'api' }),
    ...edge({ from: 'api', to: 'db', silent: true }),
    ...edge({ from: 'web', to: 'search' }),
  ];
  const operations = ['web', 'api', 'search'].flatMap((service) => operation({ service, self: [5, 5] }));
  const context = createContext(incident('web', { operations, edges }), knownOnset(onsetMs));
  const candidate = (service: string, probability: number, kind: SupportName = 'resources'): Candidate => ({
    service,
    probability,
    instance: '',
    kind: 'latency',
    logOdds: 1,
    findings: [finding(service, kind, 1)],
  });
  const names = (chances: readonly number[], kind?: SupportName): string[] =>
    keepSecondCause(
      context,
      ['db', 'api', 'web', 'search'].map((service, i) => candidate(service, chances[i] ?? 0, kind)),
    ).map(({ service, probability }) => `${service} ${probability}`);

  it('comes third where the first is nearly certain and only suffers from it stood there', () => {
    expect(names([0.97, 0.02, 0.006, 0.004])).toEqual(['db 0.97', 'api 0.02', 'search 0.006', 'web 0.004']);
  });

  it('does not where the first is in doubt, or nothing but an alert speaks for it', () => {
    expect(names([0.6, 0.3, 0.06, 0.04])[2]).toBe('web 0.06');
    expect(names([0.97, 0.02, 0.006, 0.004], 'alerts')[2]).toBe('web 0.006');
  });
});

describe('versions', () => {
  const change = deploy('api', onsetMs - 20_000);
  const rows = (version: string, self: readonly [number, number], only?: number): OperationRow[] =>
    operation({ service: 'api', self })
      .filter(({ slice }) => only === undefined || slice === only)
      .map((row) => ({ ...row, version, instance: `api-${version}` }));
  const verdict = (operations: readonly OperationRow[]): string =>
    contrastVersions(createContext(incident('web', { operations }), knownOnset(onsetMs)), change, 'api');

  it('holds new instances against old ones in the same minutes', () => {
    expect(verdict([...rows('1.0', [10, 10]), ...rows('2.0', [0, 100], 1)])).toBe('guilty');
    expect(verdict([...rows('1.0', [10, 100]), ...rows('2.0', [0, 100], 1)])).toBe('innocent');
    expect(verdict([...rows('1.0', [10, 10]), ...rows('2.0', [0, 10], 1)])).toBe('unknown');
  });

  it('does not take before and after for a comparison', () => {
    expect(verdict([...rows('1.0', [10, 10], 0), ...rows('2.0', [0, 100], 1)])).toBe('unknown');
  });
});

describe('clusters', () => {
  const change = { ...deploy('api', onsetMs - 20_000), entities: { service: 'api', cluster: 'east' } };
  /** `api` in two clusters, with its own time in each before and since. */
  function served(east: readonly [number, number], west: readonly [number, number], version = '1.0'): RankingInput {
    const there = (cluster: string, self: readonly [number, number]) =>
      operation({ service: 'api', self }).map((row) => ({ ...row, instance: `api-${cluster}`, version }));
    const placed = ['east', 'west'].map((cluster) => ({
      ...presence('api', 779_000),
      instance: `api-${cluster}`,
      cluster,
    }));
    return incident(
      'api',
      { operations: [...there('east', east), ...there('west', west)], presence: placed },
      {
        changes: [change],
      },
    );
  }
  const contrast = (input: RankingInput) => contrastChange(createContext(input, knownOnset(onsetMs)), change, 'api');

  it('that a change was not made in are its control', () => {
    expect(contrast(served([10, 100], [20, 20]))).toEqual({
      verdict: 'guilty',
      control: 'api in cluster west, where it was not made, is well',
    });
    expect(contrast(served([10, 100], [20, 200]))).toEqual({
      verdict: 'innocent',
      control: 'api in cluster west, where it was not made, suffers no less',
    });
    expect(contrast(served([10, 10], [20, 200]))).toEqual({
      verdict: 'innocent',
      control: 'api in cluster east, where it was made, is well',
    });
    expect(contrast(served([10, 10], [20, 20])).verdict).toBe('unknown');
  });

  it('that run the same release and are well clear it', () => {
    const input = served([10, 100], [20, 20], '1.9');
    const again = { ...change, version: '1.9' };
    const context = createContext(input, knownOnset(onsetMs));
    expect(contrastClusters(context, again, 'api')).toEqual({
      verdict: 'innocent',
      control: 'api in cluster west is well with the same release',
    });
  });

  it('are no control of a change that names none, nor by instances of which nobody knows where they run', () => {
    const input = served([10, 100], [20, 20]);
    const context = createContext(input, knownOnset(onsetMs));
    expect(contrastClusters(context, deploy('api', onsetMs), 'api').verdict).toBe('unknown');
    const lost = input.answer && { ...input.answer, presence: [presence('api', 779_000)] };
    expect(contrast({ ...input, answer: lost }).verdict).toBe('unknown');
  });

  it('are named in the reason of an innocent change', () => {
    const [judged] = rankHypotheses(served([10, 100], [20, 200])).changes;
    expect(judged).toMatchObject({
      verdict: 'innocent',
      reason: expect.stringMatching(
        /^api in cluster west, where it was not made, suffers no less; it was made \d+ s before/,
      ),
    });
  });
});

describe('symptom', () => {
  const strength = (total: readonly [number, number]): number =>
    symptomStrength(
      createContext(
        incident('web', { operations: operation({ service: 'web', total, self: [5, 5] }) }),
        knownOnset(onsetMs),
      ),
    );

  it('tells an alert on a service that is ill from one on a service that is well', () => {
    expect(strength([20, 200])).toBeGreaterThan(0.8);
    expect(strength([20, 20])).toBe(0);
  });
});

describe('wording', () => {
  it('hears the mechanism in the words of common runtimes', () => {
    expect(mechanismOf('getaddrinfo ENOTFOUND orders')).toBe('dns');
    expect(mechanismOf('x509: certificate has expired or is not yet valid')).toBe('credential');
    expect(mechanismOf('FATAL: remaining connection slots are reserved')).toBe('pool');
    expect(mechanismOf('Timeout waiting for connection from pool')).toBe('pool');
    expect(mechanismOf('write /data/x: no space left on device')).toBe('disk');
    expect(mechanismOf('java.lang.OutOfMemoryError: Java heap space')).toBe('memory');
    expect(mechanismOf('order * placed')).toBeNull();
    expect(isErrorLike('order * placed')).toBe(false);
  });
});
