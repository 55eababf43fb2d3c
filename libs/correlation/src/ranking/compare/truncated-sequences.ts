/** Operations that make one of their calls as before, and hardly any of the others. */
import { keyOf } from '../rows/call-edge.ts';
import { certainty, twoProportionZ } from '../statistics/proportions.ts';
import { clamp } from '../statistics/robust.ts';
import type { Comparison } from './comparison.ts';
import type { PatternComparison } from './patterns.ts';

/** A call that fewer spans make is no part of the usual sequence. */
const usualShare = 0.15;
const fewSpans = 5;

export interface TruncatedSequence {
  readonly caller: string;
  readonly operation: string;
  /** The one service that is still called. */
  readonly callee: string;
  /** How much of the calls to it is left, 0 to 1. */
  readonly kept: number;
  /** How much of the calls to others is left at most, 0 to 1. */
  readonly left: number;
  readonly strength: number;
}

type Inputs = Pick<Comparison, 'patterns' | 'operations'>;

/** One for each operation that keeps a single service of all that it called. */
export function truncatedSequences({ patterns, operations }: Inputs): TruncatedSequence[] {
  const serving = new Set(operations.filter(({ kind }) => kind !== 'client' && kind !== 'producer').map(nameOf));
  const calls = patterns.filter(({ what }) => what === 'call');
  const targets = targetsOf(calls);
  const usual = calls.filter(
    (call) => serving.has(nameOf(call)) && hasEnough(call) && call.before.spans >= usualShare * call.before.of,
  );
  const tests = new Set(usual.map(nameOf)).size;
  return [...Map.groupBy(usual, nameOf).values()].flatMap((own) => sequenceOf(own, { targets, tests }));
}

function hasEnough({ before, during }: PatternComparison): boolean {
  return before.of >= fewSpans && during.of >= fewSpans;
}

function nameOf({ service, operation }: { readonly service: string; readonly operation: string }): string {
  return keyOf(service, operation);
}

/** For each operation that reaches exactly one other service, directly or through operations of its own (mostly a client span), that service. */
function targetsOf(calls: readonly PatternComparison[]): ReadonlyMap<string, string> {
  const byName = Map.groupBy(calls, nameOf);
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (name: string): ReadonlySet<string> => {
    const known = reached.get(name);
    if (known !== undefined) return known;
    const found = new Set<string>();
    reached.set(name, found);
    for (const { service, target, text } of byName.get(name) ?? [])
      if (target !== service && target !== '') found.add(target);
      else for (const one of reach(keyOf(service, text))) found.add(one);
    return found;
  };
  const found = [...byName.keys()].flatMap((name) => {
    const [first, second] = reach(name);
    return first === undefined || second !== undefined ? [] : [[name, first] as const];
  });
  return new Map(found);
}

interface Judging {
  readonly targets: ReadonlyMap<string, string>;
  readonly tests: number;
}

/** How much of its calls to one callee is left. A callee is a service, or an operation of the same one that reaches several or none. */
interface Kept {
  readonly isService: boolean;
  readonly ratio: number;
}

function sequenceOf(own: readonly PatternComparison[], { targets, tests }: Judging): TruncatedSequence[] {
  const kept = new Map<string, Kept>();
  let z = 0;
  for (const call of own) {
    const { before, during, dispersion } = call;
    const { callee, isService } = calleeOf(call, targets);
    const counts = { hits: before.spans, n: before.of, baseHits: during.spans, baseN: during.of };
    z = Math.max(z, twoProportionZ(counts) / Math.sqrt(dispersion));
    const ratio = clamp(during.spans / during.of / (before.spans / before.of), 0, 1);
    kept.set(callee, { isService, ratio: Math.max(kept.get(callee)?.ratio ?? 0, ratio) });
  }
  const [first, second] = [...kept].sort(([, a], [, b]) => b.ratio - a.ratio);
  const [call] = own;
  if (first === undefined || second === undefined || call === undefined || !first[1].isService) return [];
  const [callee, { ratio }] = first;
  const left = second[1].ratio;
  const strength = (ratio - left) * certainty(z, tests);
  return [{ caller: call.service, operation: call.operation, callee, kept: ratio, left, strength }];
}

/** An inner operation that reaches no single service stands for itself: it may be what is left, and then no callee is to blame. */
function calleeOf(
  { service, target, text }: PatternComparison,
  targets: ReadonlyMap<string, string>,
): { callee: string; isService: boolean } {
  if (target !== service) return { callee: target, isService: true };
  const inside = keyOf(service, text);
  const reached = targets.get(inside);
  return reached === undefined ? { callee: inside, isService: false } : { callee: reached, isService: true };
}
