/** Answers one evidence query. Its parts run side by side, each bounded in rows and time. */
import {
  type ChildRow,
  type EdgeRow,
  type EvidenceQuery,
  type EvidenceResult,
  type MissingEvidence,
  type OperationRow,
  type PastIncidentRow,
  type PresenceRow,
  type TemplateRow,
  unnamedEnvironment,
} from '@faultline/model';
import { noTracer, type Tracer } from '@faultline/runtime';
import type { Engine } from '../engine.ts';
import { partSpan } from '../trace.ts';
import { translateError } from '../translate-error.ts';
import { maxKeys } from './by-key.ts';
import { readChildren } from './children.ts';
import { maxSeries } from './chosen-series.ts';
import { readEdges } from './edges.ts';
import { mergeEnvironments } from './merge-environments.ts';
import { chooseNeighbourhood, type Neighbourhood, servicesOf, type WholeSystem } from './neighbourhood.ts';
import { readOperations } from './operations.ts';
import { readPastIncidents } from './past-incidents.ts';
import { presenceStatement, watermarksStatement } from './presence.ts';
import { type ResolvedQuery, resolveEnvironment } from './resolve-environment.ts';
import { readSeries } from './series.ts';
import type { Budget } from './statement.ts';
import { readTemplates } from './templates.ts';
import { readCalls, readErring } from './whole.ts';

/** What the store knows of the result. Whether traces have settled is known to the caller. */
export type EvidenceRows = Omit<EvidenceResult, 'questionId' | 'incidentId' | 'settled'>;

export interface EvidenceBudget extends Budget {
  /** Most services of a system too large to be read as a whole. */
  readonly maxServices: number;
}

interface Watermarks {
  readonly lastSpanMs: number;
  readonly lastLogMs: number;
  readonly lastMetricMs: number;
}

/** Reads the environments that the query is about. Those of several are read side by side and told apart by name. */
export async function answerEvidence(
  engine: Pick<Engine, 'select'>,
  query: EvidenceQuery,
  budget: EvidenceBudget,
  tracer: Tracer = noTracer,
): Promise<EvidenceRows> {
  const reading = await tracer.step(
    () => partSpan('environment'),
    () => resolveEnvironment(engine, query, budget),
  );
  const read = (environments: readonly string[]) => readAllParts(engine, { ...query, environments }, budget, tracer);
  if (reading === null) return read([query.scope.environment]);
  // A single one is read together with what names none.
  if (reading.read.length < 2 || reading.read.includes(unnamedEnvironment))
    return { ...(await read(reading.read)), environment: reading };
  const parts = await Promise.all(
    reading.read.map(async (environment) => ({ environment, rows: await read([environment]) })),
  );
  const { rows, qualified } = mergeEnvironments(parts);
  return { ...rows, environment: { ...reading, qualified } };
}

/**
 * Reads all parts. A part that fails is empty and named in `missing`, so that one slow part does not spoil the others.
 * When every part of the telemetry fails, the first error is thrown.
 */
async function readAllParts(
  engine: Pick<Engine, 'select'>,
  query: ResolvedQuery,
  { maxServices, ...budget }: EvidenceBudget,
  tracer: Tracer,
): Promise<EvidenceRows> {
  const failures: { part: string; error: unknown }[] = [];
  const read = async <Row>(part: string, rows: () => Promise<readonly Row[]>): Promise<readonly Row[]> => {
    try {
      return await tracer.step(() => partSpan(part), rows);
    } catch (error) {
      failures.push({ part, error });
      return [];
    }
  };
  const ask = <Row>(part: string, statement: Parameters<Engine['select']>[0]) =>
    read(part, () => engine.select<Row>(statement));
  // These do not depend on the neighbourhood, so they run beside the others.
  const aside = Promise.all([
    ask<Watermarks>('watermarks', watermarksStatement(query, budget)),
    read<PastIncidentRow>('past', () => readPastIncidents(engine, query, budget)),
  ]);
  const [presence, calls, erring] = await Promise.all([
    ask<PresenceRow>('presence', presenceStatement(query, budget)),
    read('topology', () => readCalls(engine, query, budget)),
    read('erring', () => readErring(engine, query, budget)),
  ]);
  const around = chooseNeighbourhood({ calls, presence, erring }, query.focus, maxServices);
  const narrowed = { ...query, around };
  // Started in the order of importance, which is nearly that of duration, so that no long one runs alone at the end.
  const [operations, series, edges, templates, children] = await Promise.all([
    read<OperationRow>('operations', () => readOperations(engine, narrowed, budget)),
    read('series', () => readSeries(engine, narrowed, budget)),
    read<EdgeRow>('edges', () => readEdges(engine, narrowed, budget)),
    read<TemplateRow>('templates', () => readTemplates(engine, narrowed, budget)),
    read<ChildRow>('children', () => readChildren(engine, narrowed, budget)),
  ]);
  const [watermarks, past] = await aside;
  const unread = failures.filter(({ part }) => part !== 'past');
  if (unread.length === telemetryParts) throw translateError(unread[0]?.error);
  const { lastSpanMs: spans = 0, lastLogMs: logs = 0, lastMetricMs: metrics = 0 } = watermarks[0] ?? {};
  return {
    slices: query.slices,
    watermarks: { spans, logs, metrics },
    missing: [
      ...failures.map(({ part, error }) => missingPart(part, 'failed', translateError(error).code)),
      ...truncatedParts({ operations, edges, templates, children }, maxKeys(query)),
      ...(series.length < maxSeries ? [] : [missingPart('series', 'truncated', String(maxSeries))]),
      ...partOfSystem(around, servicesOf({ calls, presence }).size),
    ].sort((a, b) => (a.part < b.part ? -1 : a.part > b.part ? 1 : 0)),
    operations,
    edges,
    templates,
    children,
    series,
    presence,
    past,
    ...(around === null ? {} : { topology: sortedPairs(calls) }),
  };
}

/** All parts but past incidents, which are not asked for when nothing is known of the incident yet. */
const telemetryParts = 9;

function missingPart(part: string, code: MissingEvidence['code'], detail: string): MissingEvidence {
  return { part, code, detail };
}

function partOfSystem(around: Neighbourhood | null, total: number): MissingEvidence[] {
  if (around === null || around.services.length === total) return [];
  return [missingPart('services', 'partial', `${around.services.length} of ${total}`)];
}

function sortedPairs(calls: WholeSystem['calls']): (readonly [string, string])[] {
  const isBefore = (a: readonly string[], b: readonly string[]) => (a.join('\n') < b.join('\n') ? -1 : 1);
  return calls.map(({ caller, callee }) => [caller, callee] as const).sort(isBefore);
}

/** Parts with as many keys as a result holds: what was left out must not read as healthy. */
export function truncatedParts(parts: Readonly<Record<string, readonly object[]>>, limit: number): MissingEvidence[] {
  return Object.entries(parts).flatMap(([part, rows]) => {
    const keys = rows.length < limit ? 0 : new Set(rows.map(keyOf)).size;
    return keys < limit ? [] : [missingPart(part, 'truncated', String(limit))];
  });
}

/** Names tell keys apart; numbers are sums. */
function keyOf(row: object): string {
  return Object.values(row)
    .filter((value) => typeof value === 'string')
    .join('\n');
}
