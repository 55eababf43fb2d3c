/** Child calls and log lines counted as shares of the spans of their operation, before and during. */
import type { EvidenceAnswer } from '@faultline/model';
import { median } from '../statistics.ts';
import { type OperationPair, type Side, sortedValues } from './calls.ts';

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

interface StepCount {
  readonly step: Omit<StepPair, 'before' | 'during'>;
  before: number;
  during: number;
}

/** One pair for each step of each operation, sorted. */
export function foldSteps(
  answer: EvidenceAnswer,
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
  for (const row of answer.children)
    add(
      { ...pick(row), what: 'call', target: row.childService, text: row.childOperation, severityNumber: 0 },
      `${row.childService}\n${row.childOperation}`,
      row.slice,
      row.spans,
    );
  for (const row of answer.templates)
    if (row.operation !== '')
      add(
        { ...pick(row), what: 'log', target: '', text: row.text, severityNumber: row.severityNumber },
        row.template,
        row.slice,
        row.spans,
      );
  const covered = logCoverage([...counts.values()], spans);
  return sortedValues(counts).flatMap(({ step, before, during }) => {
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
