import type { Change, OperationRow, PresenceRow, SeriesRow, TemplateRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createContext } from '../compare/compare.ts';
import type { EvidenceKind, Finding } from '../finding/finding.ts';
import {
  around,
  child,
  deploy,
  edge,
  incident,
  line,
  onsetMs,
  operation,
  presence,
  type Rows,
  series,
} from '../fixture.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { callerSide } from './caller-side.ts';
import { errorLines } from './error-lines.ts';
import { sharedPlace } from './failure-domain.ts';
import { restarts } from './restarts.ts';
import { blind } from './telemetry-gap.ts';
import { silentHop } from './uninstrumented-dependency.ts';
import { unreachable } from './unreachable.ts';

const found = (kind: EvidenceKind, rows: Rows): readonly Finding[] =>
  kind(createContext(incident('web', rows), knownOnset(onsetMs)));
const names = (findings: readonly Finding[]): string[] =>
  findings.toSorted((a, b) => b.strength - a.strength).map(({ service, causeKind }) => `${service} ${causeKind}`);

const asClient = (rows: OperationRow[]): OperationRow[] => rows.map((row) => ({ ...row, kind: 'client' as const }));

describe('unreachable', () => {
  const asked = (errors: readonly [number, number]): OperationRow[] =>
    asClient(operation({ service: 'web', self: [1, 1], errors }));

  it('blames the callee of calls that fail with no server behind them', () => {
    const rows = { operations: asked([0, 90]), children: child('web', 'api', [500, 10]) };
    expect(names(found(unreachable, rows))).toEqual(['api down']);
  });

  it('takes servers that are missing without a failure for missing telemetry', () => {
    expect(found(unreachable, { operations: asked([0, 0]), children: child('web', 'api', [500, 10]) })).toEqual([]);
  });

  it('takes messages that are not read for a backlog of their reader', () => {
    const operations = asked([0, 0]).map((row) => ({ ...row, kind: 'producer' as const }));
    const findings = found(unreachable, { operations, children: child('web', 'mailer', [500, 10]) });
    expect(findings.map(({ service, causeKind, reason }) => [service, causeKind, reason])).toEqual([
      ['mailer', 'queue', 'backlog'],
    ]);
  });
});

describe('caller-side', () => {
  const operations = operation({ service: 'web', self: [5, 5] });
  const failing = (to: string) => edge({ from: 'web', to, silent: true, errors: [0, 90] });

  it('blames the caller when all that it calls fails at once', () => {
    const rows = { operations, edges: [...failing('db'), ...failing('cache')] };
    expect(names(found(callerSide, rows))).toEqual(['web network']);
    expect(found(silentHop, rows).every(({ strength }) => strength < 0.2)).toBe(true);
  });

  it('blames the caller whose credential is refused, and the peer when the line says nothing of the kind', () => {
    const refused = line('web', 'call to db failed: password authentication failed', [0, 90], 17);
    const other = line('web', 'call to db failed: connection refused', [0, 90], 17);
    const common = line('web', 'served', [500, 100]);
    expect(names(found(callerSide, { operations, edges: failing('db'), templates: [...common, ...refused] }))).toEqual([
      'web credential',
    ]);
    expect(found(callerSide, { operations, edges: failing('db'), templates: [...common, ...other] })).toEqual([]);
  });

  it('blames the caller that a living peer turns away, and the peer that is silent, refuses or was changed', () => {
    const edges = failing('db').map((row) => ({ ...row, calls: 90, duration: around(3, 90) }));
    const alive = [presence('web', 779_000), presence('db', 779_000)];
    const refused = line('web', 'call to db failed: connection refused', [0, 90], 17);
    const blamed = (rows: Rows, changes: readonly Change[] = []): string[] =>
      names(
        callerSide(createContext(incident('web', { operations, edges, ...rows }, { changes }), knownOnset(onsetMs))),
      );
    expect(blamed({ presence: alive })).toEqual(['web credential']);
    expect(blamed({ presence: [presence('web', 779_000), presence('db', 610_000)] })).toEqual([]);
    expect(blamed({ presence: alive, templates: refused })).toEqual([]);
    expect(blamed({ presence: alive }, [deploy('db', onsetMs - 20_000)])).toEqual([]);
    expect(blamed({})).toEqual([]);
  });

  it('blames new settings of the caller where a peer without telemetry fails from then on, and no release', () => {
    const settings = { ...deploy('web', onsetMs - 20_000), kind: 'config' as const };
    const blamed = (change: Change): string[] =>
      names(
        callerSide(
          createContext(
            incident('web', { operations, edges: failing('db') }, { changes: [change] }),
            knownOnset(onsetMs),
          ),
        ),
      );
    expect(blamed(settings)).toEqual(['web config']);
    expect(blamed({ ...settings, startedAtMs: onsetMs - 300_000 })).toEqual([]);
    expect(blamed({ ...settings, kind: 'deploy' })).toEqual([]);
  });

  it('does not excuse a peer that fails its other callers as well', () => {
    const edges = [
      ...failing('db'),
      ...failing('cache'),
      ...edge({ from: 'api', to: 'db', silent: true, errors: [0, 90] }),
    ];
    expect(found(callerSide, { operations, edges })).toEqual([]);
  });
});

describe('shared-place', () => {
  const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const placed = (nodeOf: (i: number) => string, silent: (i: number) => boolean): PresenceRow[] =>
    services.map((service, i) => ({
      service,
      instance: `${service}-1`,
      node: nodeOf(i),
      zone: '',
      lastSpanMs: silent(i) ? 610_000 : 779_000,
      lastMetricMs: 0,
      lastLogMs: 0,
    }));

  it('names the node whose instances all fell silent, while others go on', () => {
    const rows = placed(
      (i) => (i < 3 ? 'node-1' : 'node-2'),
      (i) => i < 3,
    );
    expect(names(found(sharedPlace, { presence: rows }))).toEqual(['node-1 node']);
  });

  it('does not take two ill services on two nodes for a place', () => {
    const rows = placed(
      (i) => (i % 2 === 0 ? 'node-1' : 'node-2'),
      (i) => i < 2,
    );
    expect(found(sharedPlace, { presence: rows })).toEqual([]);
  });
});

describe('blind', () => {
  const row = (instance: string, lastSpanMs: number): PresenceRow => ({
    service: 'api',
    instance,
    node: '',
    zone: '',
    lastSpanMs,
    lastMetricMs: 0,
    lastLogMs: 0,
  });
  const serves = (instance: string, slice: number): OperationRow[] =>
    operation({ service: 'api', self: [5, 5] })
      .filter((one) => one.slice === slice)
      .map((one) => ({ ...one, instance }));

  it('tells an instance that died from one that was replaced', () => {
    const presence = [row('old', 610_000), row('other', 779_000)];
    const stayed = [...serves('old', 0), ...serves('other', 0), ...serves('other', 1)];
    expect(found(blind, { presence, operations: stayed }).map(({ instance }) => instance)).toEqual(['old']);
    const replaced = [...serves('old', 0), ...serves('other', 1)];
    expect(found(blind, { presence, operations: replaced })).toEqual([]);
  });
});

describe('restarts', () => {
  const counter = series('api', 'container.restarts', [0, 1]);
  const memory = (peak: number): SeriesRow => {
    const row = series('api', 'memory.working_set', [100, 100], 'By');
    const points = row.points.map((point) =>
      point[0] >= 450_000 && point[0] < onsetMs ? ([point[0], peak, peak, 1] as const) : point,
    );
    return { ...row, points };
  };

  it('says memory when it had climbed, and down when it had not', () => {
    expect(names(found(restarts, { series: [counter, memory(300)] }))).toEqual(['api memory']);
    expect(names(found(restarts, { series: [counter, memory(101)] }))).toEqual(['api down']);
    expect(found(restarts, { series: [series('api', 'container.restarts', [3, 3])] })).toEqual([]);
  });
});

describe('error-lines', () => {
  const outside = (count: readonly [number, number], text: string): TemplateRow[] =>
    count.map((lines, slice) => ({
      slice,
      service: 'api',
      instance: 'api-1',
      operation: '',
      template: text,
      text,
      severityNumber: 9,
      lines,
      spans: lines,
    }));

  it('counts lines without a span, and hears what they name', () => {
    expect(names(found(errorLines, { templates: outside([0, 60], 'lookup db: no such host') }))).toEqual(['api dns']);
    expect(found(errorLines, { templates: outside([180, 60], 'request failed') })).toEqual([]);
    expect(found(errorLines, { templates: outside([0, 60], 'request served') })).toEqual([]);
  });
});
