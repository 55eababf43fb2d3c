/** The evidence folded for judging: rows summed into before and during, by service, and the graph that joins the services. */
import type { EdgeSource, Histogram, PresenceRow, SeriesRow, SpanKind } from '@faultline/model';
import { mergeHistograms } from '@faultline/model';
import type { RankingInput } from './ranking.ts';
import { median } from './statistics.ts';

export interface CallStats {
  readonly calls: number;
  readonly errors: number;
  readonly ownErrors: number;
  readonly duration: Histogram;
  /** Self time of an operation; client less server time of an edge. */
  readonly inner: Histogram;
}

export interface Pair {
  readonly before: CallStats;
  readonly during: CallStats;
}

export interface OperationPair extends Pair {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  readonly instances: ReadonlyMap<string, Pair>;
}

export interface EdgePair extends Pair {
  readonly caller: string;
  readonly callee: string;
  readonly source: EdgeSource;
  readonly lastSeenMs: number;
}

/** A child call or a log template of an operation: how many of its spans had it. */
export interface StepPair {
  readonly service: string;
  readonly operation: string;
  readonly what: 'call' | 'log';
  /** The callee's service of a call; empty for a log line. */
  readonly target: string;
  readonly text: string;
  readonly severityNumber: number;
  readonly before: { readonly spans: number; readonly of: number };
  readonly during: { readonly spans: number; readonly of: number };
}

export interface Context {
  readonly input: RankingInput;
  readonly services: readonly string[];
  /** When the harm is taken to have begun; before and during part here. */
  readonly onsetMs: number;
  readonly operations: readonly OperationPair[];
  readonly edges: readonly EdgePair[];
  readonly steps: readonly StepPair[];
  readonly series: readonly SeriesRow[];
  readonly presence: readonly PresenceRow[];
  readonly callees: ReadonlyMap<string, readonly string[]>;
  readonly callers: ReadonlyMap<string, readonly string[]>;
  /** Services that send spans of their own. */
  readonly traced: ReadonlySet<string>;
  readonly alerting: ReadonlySet<string>;
  /** What the alerting services call, directly or not, and they themselves; everything when the graph does not know them. */
  readonly related: ReadonlySet<string>;
}

/** Whether a slice counts as before or during; undefined: as neither. */
type Side = boolean | undefined;

/**
 * Folds the answer at `onsetMs`. Without an answer all lists are empty, and the graph is the declared one. Slices from `quietUntilMs`
 * to the onset, if any, are left out: so the last minute can be held against the time before the harm.
 */
export function createContext(input: RankingInput, onsetMs: number, quietUntilMs = onsetMs): Context {
  const { answer } = input;
  const isDuring = (answer?.slices ?? []).map(({ fromMs, toMs }): Side => {
    if (fromMs >= onsetMs) return true;
    return toMs <= quietUntilMs || quietUntilMs === onsetMs ? false : undefined;
  });
  const operations = foldOperations(input, isDuring);
  const edges = foldEdges(input, isDuring);
  const links = [...edges.map(({ caller, callee }) => [caller, callee] as const), ...declaredLinks(input)];
  const callees = neighbours(links);
  const services = allServices(input, links);
  const alerting = new Set(input.alerts.map(({ entities }) => entities.service ?? '').filter((name) => name !== ''));
  return {
    input,
    onsetMs,
    operations,
    edges,
    steps: foldSteps(input, isDuring, operations),
    series: answer?.series ?? [],
    presence: answer?.presence ?? [],
    callees,
    callers: neighbours(links.map(([from, to]) => [to, from] as const)),
    traced: new Set(operations.map(({ service }) => service)),
    alerting,
    related: relatedTo(alerting, callees, services),
    services,
  };
}

function declaredLinks(input: RankingInput): (readonly [string, string])[] {
  return input.declaredEdges.map(({ from, to }) => [from, to] as const);
}

function allServices(input: RankingInput, links: readonly (readonly [string, string])[]): string[] {
  const { answer } = input;
  const names = new Set<string>(links.flat());
  for (const row of answer?.operations ?? []) names.add(row.service);
  for (const row of answer?.series ?? []) names.add(row.service);
  for (const row of answer?.presence ?? []) names.add(row.service);
  for (const { entities } of input.alerts) names.add(entities.service ?? entities.database ?? entities.workload ?? '');
  for (const { entities } of input.changes) names.add(entities.service ?? entities.workload ?? '');
  names.delete('');
  return [...names].sort();
}

function neighbours(links: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const [from, to] of links) if (from !== to) found.set(from, (found.get(from) ?? new Set()).add(to));
  return new Map([...found].map(([from, to]) => [from, [...to].sort()]));
}

function relatedTo(
  alerting: ReadonlySet<string>,
  callees: ReadonlyMap<string, readonly string[]>,
  services: readonly string[],
): ReadonlySet<string> {
  const known = [...alerting].filter((name) => callees.has(name));
  if (known.length === 0) return new Set(services);
  const seen = new Set(alerting);
  const queue = [...known];
  for (let name = queue.shift(); name !== undefined; name = queue.shift())
    for (const callee of callees.get(name) ?? [])
      if (!seen.has(callee)) {
        seen.add(callee);
        queue.push(callee);
      }
  return seen;
}

interface Sum {
  calls: number;
  errors: number;
  ownErrors: number;
  duration: Histogram[];
  inner: Histogram[];
}

interface Sums {
  readonly before: Sum;
  readonly during: Sum;
}

function newSums(): Sums {
  const empty = (): Sum => ({ calls: 0, errors: 0, ownErrors: 0, duration: [], inner: [] });
  return { before: empty(), during: empty() };
}

function addTo(sums: Sums, during: Side, row: Omit<CallStats, 'duration' | 'inner'> & RowHistograms): void {
  if (during === undefined) return;
  const sum = during ? sums.during : sums.before;
  sum.calls += row.calls;
  sum.errors += row.errors;
  sum.ownErrors += row.ownErrors;
  sum.duration.push(row.duration);
  sum.inner.push(row.inner);
}

interface RowHistograms {
  readonly duration: Histogram;
  readonly inner: Histogram;
}

function finish({ before, during }: Sums): Pair {
  const one = (sum: Sum): CallStats => ({
    ...sum,
    duration: mergeHistograms(sum.duration),
    inner: mergeHistograms(sum.inner),
  });
  return { before: one(before), during: one(during) };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

function foldOperations({ answer }: RankingInput, isDuring: readonly Side[]): OperationPair[] {
  const groups = new Map<string, { first: OperationPair; all: Sums; byInstance: Map<string, Sums> }>();
  for (const row of answer?.operations ?? []) {
    const key = `${row.service}\n${row.operation}\n${row.kind}`;
    const group = groups.get(key) ?? { first: row as never, all: newSums(), byInstance: new Map<string, Sums>() };
    groups.set(key, group);
    const own = group.byInstance.get(row.instance) ?? newSums();
    group.byInstance.set(row.instance, own);
    const stats = { ...row, inner: row.self };
    addTo(group.all, isDuring[row.slice], stats);
    addTo(own, isDuring[row.slice], stats);
  }
  return sorted(groups).map(({ first: { service, operation, kind }, all, byInstance }) => ({
    service,
    operation,
    kind,
    ...finish(all),
    instances: new Map(
      [...byInstance].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sums]) => [name, finish(sums)]),
    ),
  }));
}

function foldEdges({ answer }: RankingInput, isDuring: readonly Side[]): EdgePair[] {
  const groups = new Map<
    string,
    { caller: string; callee: string; source: EdgeSource; lastSeenMs: number; all: Sums }
  >();
  for (const row of answer?.edges ?? []) {
    const key = `${row.caller}\n${row.callee}`;
    const group = groups.get(key) ?? { ...row, lastSeenMs: 0, all: newSums() };
    groups.set(key, group);
    group.lastSeenMs = Math.max(group.lastSeenMs, row.lastSeenMs);
    addTo(group.all, isDuring[row.slice], { ...row, ownErrors: 0, inner: row.gap });
  }
  return sorted(groups).map(({ caller, callee, source, lastSeenMs, all }) => ({
    caller,
    callee,
    source,
    lastSeenMs,
    ...finish(all),
  }));
}

interface StepCount {
  readonly step: Omit<StepPair, 'before' | 'during'>;
  before: number;
  during: number;
}

function foldSteps(
  { answer }: RankingInput,
  isDuring: readonly Side[],
  operations: readonly OperationPair[],
): StepPair[] {
  const spans = new Map<string, { before: number; during: number }>();
  for (const { service, operation, before, during } of operations) {
    const key = `${service}\n${operation}`;
    const sum = spans.get(key) ?? { before: 0, during: 0 };
    spans.set(key, { before: sum.before + before.calls, during: sum.during + during.calls });
  }
  const counts = new Map<string, StepCount>();
  const add = (step: StepCount['step'], id: string, slice: number, count: number): void => {
    const key = `${step.service}\n${step.operation}\n${step.what}\n${id}`;
    const sum = counts.get(key) ?? { step, before: 0, during: 0 };
    counts.set(key, sum);
    if (isDuring[slice]) sum.during += count;
    else if (isDuring[slice] === false) sum.before += count;
  };
  for (const row of answer?.children ?? [])
    add(
      { ...pick(row), what: 'call', target: row.childService, text: row.childOperation, severityNumber: 0 },
      `${row.childService}\n${row.childOperation}`,
      row.slice,
      row.spans,
    );
  for (const row of answer?.templates ?? [])
    if (row.operation !== '')
      add(
        { ...pick(row), what: 'log', target: '', text: row.text, severityNumber: row.severityNumber },
        row.template,
        row.slice,
        row.spans,
      );
  const covered = logCoverage([...counts.values()], spans);
  return sorted(counts).flatMap(({ step, before, during }) => {
    const of = spans.get(`${step.service}\n${step.operation}`);
    if (of === undefined) return [];
    const share = step.what === 'log' ? covered : { before: 1, during: 1 };
    const part = (count: number, all: number) => ({ spans: count, of: Math.max(count, Math.round(all)) });
    return [
      { ...step, before: part(before, of.before * share.before), during: part(during, of.during * share.during) },
    ];
  });
}

interface Counts {
  readonly before: number;
  readonly during: number;
}

/**
 * Which part of the spans had their logs collected at all, before and during: the median, over operations, of the share that the
 * commonest line has. Else a gap in log collection would read as every line coming or going.
 */
function logCoverage(counts: readonly StepCount[], spans: ReadonlyMap<string, Counts>): Counts {
  const commonest = new Map<string, Counts>();
  for (const { step, before, during } of counts) {
    if (step.what !== 'log') continue;
    const key = `${step.service}\n${step.operation}`;
    const most = commonest.get(key) ?? { before: 0, during: 0 };
    commonest.set(key, { before: Math.max(most.before, before), during: Math.max(most.during, during) });
  }
  const coverage = (side: keyof Counts): number => {
    const shares = [...commonest].flatMap(([key, most]) => {
      const of = spans.get(key)?.[side] ?? 0;
      return of === 0 ? [] : [Math.min(1, most[side] / of)];
    });
    return shares.length === 0 ? 1 : median(shares);
  };
  return { before: coverage('before'), during: coverage('during') };
}

function pick({ service, operation }: { service: string; operation: string }): { service: string; operation: string } {
  return { service, operation };
}
