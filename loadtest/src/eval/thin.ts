/** Evidence as it would be from fewer calls of the same kind. */
import type { ChildRow, EdgeRow, EvidenceAnswer, Histogram, OperationRow, TemplateRow } from '@faultline/model';
import { createRandom, type Random } from '../faultlab/random.ts';

const seed = 1;

/** Each call stays with a probability that may depend on its slice. A step of a call stays with its call, as far as counts can tell. */
export function thinned(answer: EvidenceAnswer, keepIn: (slice: number) => number): EvidenceAnswer {
  const draw = drawing(createRandom(seed));
  const operations = answer.operations.map((row) => fewerCalls(row, keepIn(row.slice), draw));
  const keepOf = keptOf(answer.operations, operations, keepIn);
  return {
    ...answer,
    operations: operations.filter(isThere),
    edges: answer.edges.map((row) => fewerEdgeCalls(row, keepIn(row.slice), draw)).filter(isThere),
    templates: answer.templates.map((row) => fewerLines(row, keepOf(row), draw)),
    children: answer.children.map((row) => fewerChildren(row, keepOf(row), draw)),
  };
}

type Draw = (count: number, chance: number) => number;

function fewerCalls(row: OperationRow, keep: number, draw: Draw): OperationRow {
  const errors = draw(row.errors, keep);
  return {
    ...row,
    calls: errors + draw(row.calls - row.errors, keep),
    errors,
    ownErrors: draw(row.ownErrors, keep),
    settledCalls: draw(row.settledCalls, keep),
    duration: fewerIn(row.duration, keep, draw),
    self: fewerIn(row.self, keep, draw),
  };
}

function fewerEdgeCalls(row: EdgeRow, keep: number, draw: Draw): EdgeRow {
  const errors = draw(row.errors, keep);
  return {
    ...row,
    calls: errors + draw(row.calls - row.errors, keep),
    errors,
    duration: fewerIn(row.duration, keep, draw),
    gap: fewerIn(row.gap, keep, draw),
  };
}

function fewerLines(row: TemplateRow, keep: number, draw: Draw): TemplateRow {
  const spans = draw(row.spans, keep);
  return { ...row, spans, lines: Math.max(spans, draw(row.lines, keep)) };
}

function fewerChildren(row: ChildRow, keep: number, draw: Draw): ChildRow {
  const spans = draw(row.spans, keep);
  return { ...row, spans, calls: Math.max(spans, draw(row.calls, keep)), errors: draw(row.errors, keep) };
}

function fewerIn(histogram: Histogram, keep: number, draw: Draw): Histogram {
  return histogram.map(([bucket, count]) => [bucket, draw(count, keep)] as const).filter(([, count]) => count > 0);
}

function isThere({ calls }: { readonly calls: number }): boolean {
  return calls > 0;
}

interface OfOperation {
  readonly service: string;
  readonly operation: string;
  readonly slice: number;
}

/** The share of an operation's settled calls that stayed: what its steps are shares of. */
function keptOf(
  before: readonly OperationRow[],
  after: readonly OperationRow[],
  keepIn: (slice: number) => number,
): (row: OfOperation) => number {
  const keyOf = ({ service, operation, slice }: OfOperation): string => `${service}\n${operation}\n${slice}`;
  const sums = new Map<string, { was: number; is: number }>();
  for (const [i, row] of before.entries()) {
    const sum = sums.get(keyOf(row)) ?? { was: 0, is: 0 };
    sums.set(keyOf(row), { was: sum.was + row.settledCalls, is: sum.is + (after[i]?.settledCalls ?? 0) });
  }
  return (row) => {
    const { was, is } = sums.get(keyOf(row)) ?? { was: 0, is: 0 };
    return was === 0 ? keepIn(row.slice) : is / was;
  };
}

/** Binomial: one by one for few, by the normal that it comes near to for many. */
function drawing(random: Random): Draw {
  return (count, chance) => {
    if (chance >= 1) return count;
    if (count <= 50) return Array.from({ length: count }, () => random.chance(chance)).filter(Boolean).length;
    const spread = Math.sqrt(count * chance * (1 - chance)) * Math.log(random.logNormal(1, 1));
    return Math.min(count, Math.max(0, Math.round(count * chance + spread)));
  };
}
