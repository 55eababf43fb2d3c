/** Subsamples the calls behind evidence rows. */
import type { ChildRow, EdgeRow, EvidenceResult, Histogram, OperationRow, TemplateRow } from '@faultline/model';
import { createRandom, type Random } from '../random/random.ts';

/**
 * Keeps each call with a probability that may depend on its slice. Errors, log lines and child calls are drawn from the
 * kept calls without replacement. So a property of all calls stays a property of all calls.
 */
export function subsample(answer: EvidenceResult, keepIn: (slice: number) => number, seed = 1): EvidenceResult {
  const random = createRandom(seed);
  const operations = answer.operations.map((row) => fewerCalls(row, keepIn(row.slice), random));
  const keptOf = settledOf(answer.operations, operations);
  return {
    ...answer,
    operations: operations.filter(isThere),
    edges: answer.edges.map((row) => fewerEdgeCalls(row, keepIn(row.slice), random)).filter(isThere),
    templates: answer.templates.map((row) => fewerLines(row, keptOf(row) ?? keepIn(row.slice), random)),
    children: answer.children.map((row) => fewerChildren(row, keptOf(row) ?? keepIn(row.slice), random)),
  };
}

function fewerCalls(row: OperationRow, keep: number, random: Random): OperationRow {
  const calls = binomial(row.calls, keep, random);
  const settledCalls = ofKept(row.settledCalls, { was: row.calls, is: calls }, random);
  return {
    ...row,
    calls,
    errors: ofKept(row.errors, { was: row.calls, is: calls }, random),
    settledCalls,
    ownErrors: ofKept(row.ownErrors, { was: row.settledCalls, is: settledCalls }, random),
    duration: fewerIn(row.duration, keep, random),
    self: fewerIn(row.self, keep, random),
  };
}

function fewerEdgeCalls(row: EdgeRow, keep: number, random: Random): EdgeRow {
  const calls = binomial(row.calls, keep, random);
  const errors = ofKept(row.errors, { was: row.calls, is: calls }, random);
  return { ...row, calls, errors, duration: fewerIn(row.duration, keep, random), gap: fewerIn(row.gap, keep, random) };
}

/** Calls before and after. For lines without calls, the share that stays. */
type Kept = { readonly was: number; readonly is: number } | number;

function fewerLines(row: TemplateRow, kept: Kept, random: Random): TemplateRow {
  const spans = ofKept(row.spans, kept, random);
  return {
    ...row,
    spans,
    lines: row.spans === 0 ? ofKept(row.lines, kept, random) : scaled(row.lines, row.spans, spans),
  };
}

function fewerChildren(row: ChildRow, kept: Kept, random: Random): ChildRow {
  const spans = ofKept(row.spans, kept, random);
  return {
    ...row,
    spans,
    calls: scaled(row.calls, row.spans, spans),
    errors: scaled(row.errors, row.spans, spans),
  };
}

function scaled(count: number, was: number, is: number): number {
  return was === 0 ? 0 : Math.round((count * is) / was);
}

function fewerIn(histogram: Histogram, keep: number, random: Random): Histogram {
  return histogram
    .map(([bucket, count]) => [bucket, binomial(count, keep, random)] as const)
    .filter(([, count]) => count > 0);
}

function isThere({ calls }: { readonly calls: number }): boolean {
  return calls > 0;
}

interface OfOperation {
  readonly service: string;
  readonly operation: string;
  readonly slice: number;
}

/** Settled calls of an operation before and after. Its child calls are drawn from them. */
function settledOf(
  before: readonly OperationRow[],
  after: readonly OperationRow[],
): (row: OfOperation) => Kept | undefined {
  const keyOf = ({ service, operation, slice }: OfOperation): string => `${service}\n${operation}\n${slice}`;
  const sums = new Map<string, { was: number; is: number }>();
  for (const [i, row] of before.entries()) {
    const sum = sums.get(keyOf(row)) ?? { was: 0, is: 0 };
    sums.set(keyOf(row), { was: sum.was + row.settledCalls, is: sum.is + (after[i]?.settledCalls ?? 0) });
  }
  return (row) => sums.get(keyOf(row));
}

/** Number of `hits` among the kept calls: hypergeometric, with a normal approximation for large counts. */
function ofKept(hits: number, kept: Kept, random: Random): number {
  if (typeof kept === 'number') return binomial(hits, kept, random);
  const { was, is } = kept;
  if (hits >= was) return Math.min(hits, is);
  if (hits > exactTo) {
    const variance = (is * (hits / was) * (1 - hits / was) * (was - is)) / Math.max(1, was - 1);
    return within(Math.round((is * hits) / was + Math.sqrt(variance) * normal(random)), {
      from: 0,
      to: Math.min(hits, is),
    });
  }
  let [found, left] = [0, is];
  for (let i = 0; i < hits; i++)
    if (random.chance(left / Math.max(1, was - i))) {
      found++;
      left--;
    }
  return found;
}

/** Counts up to this are drawn one by one. */
const exactTo = 50;

function binomial(count: number, chance: number, random: Random): number {
  if (chance >= 1) return count;
  if (count <= exactTo) return Array.from({ length: count }, () => random.chance(chance)).filter(Boolean).length;
  const spread = Math.sqrt(count * chance * (1 - chance));
  return within(Math.round(count * chance + spread * normal(random)), { from: 0, to: count });
}

function normal(random: Random): number {
  return Math.log(random.logNormal(1, 1));
}

function within(value: number, { from, to }: { from: number; to: number }): number {
  return Math.min(to, Math.max(from, value));
}
