/**
 * The call before the break: an operation still calls one service as before, and hardly any of the others that it used to call as well. What
 * that service answered made it stop, although nothing says so: no status, no line. Of one caller it may as well be its own next line;
 * of several, which have only that call in common, it is the answer (fan-in).
 */
import type { Context } from '../compare/comparison.ts';
import type { StepPair } from '../compare/patterns.ts';
import { minStrength, type Support } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { lookAtChildren } from '../finding/reference.ts';
import { certainty, clamp, twoProportionZ } from '../statistics/statistics.ts';

/** Calls that fewer spans make than this are no part of the usual way through an operation. */
const usualShare = 0.15;
const fewSpans = 5;
/** What one caller alone says: that it is itself which stops there is more likely. */
const aloneShare = 0.4;

export interface Survivor {
  readonly caller: string;
  readonly operation: string;
  readonly callee: string;
  /** How much of its calls is left, and at most of the others', 0 to 1. */
  readonly kept: number;
  readonly left: number;
  readonly strength: number;
}

export function lastCall(context: Context): Support[] {
  const survivors = survivorsOf(context);
  return [...Map.groupBy(survivors, ({ callee }) => callee)].flatMap(([callee, all]) => finding(callee, all));
}

function finding(callee: string, all: readonly Survivor[]): Support[] {
  const byCaller = [...Map.groupBy(all, ({ caller }) => caller).values()].map(strongest);
  const together = 1 - byCaller.reduce((rest, { strength }) => rest * (1 - strength), 1);
  const strength = byCaller.length > 1 ? together : aloneShare * together;
  const lead = strongest(byCaller);
  if (strength < minStrength) return [];
  return [
    {
      kind: 'last-call',
      reason: 'lastCall',
      service: callee,
      instance: '',
      causeKind: 'code',
      entity: `edge:${lead.caller} -> ${callee}`,
      strength,
      explainable: 0,
      summary: `${byCaller.map(({ caller }) => caller).join(' and ')} still call ${callee} and then stop: of ${lead.operation}, ${formatPercent(lead.kept)} of the calls to it are left, and at most ${formatPercent(lead.left)} of those to others`,
      before: '100 %',
      during: formatPercent(lead.left),
      look: lookAtChildren({ service: lead.caller, operation: lead.operation, peer: '', text: '' }),
    },
  ];
}

function strongest(all: readonly Survivor[]): Survivor {
  return all.reduce((best, one) => (one.strength > best.strength ? one : best));
}

/** One for each operation that keeps a single service of all that it called. */
export function survivorsOf({ steps, operations }: Context): Survivor[] {
  const serving = new Set(operations.filter(({ kind }) => kind !== 'client' && kind !== 'producer').map(nameOf));
  const calls = steps.filter(({ what }) => what === 'call');
  const targets = targetsOf(calls);
  const usual = calls.filter(
    (step) => serving.has(nameOf(step)) && hasEnough(step) && step.before.spans >= usualShare * step.before.of,
  );
  const tests = new Set(usual.map(nameOf)).size;
  return [...Map.groupBy(usual, nameOf).values()].flatMap((own) => survivorOf(own, { targets, tests }));
}

function hasEnough({ before, during }: StepPair): boolean {
  return before.of >= fewSpans && during.of >= fewSpans;
}

function nameOf({ service, operation }: { readonly service: string; readonly operation: string }): string {
  return `${service}\n${operation}`;
}

/** For each operation that comes to one other service only, directly or through others of its own (a client span, mostly), that service. */
function targetsOf(calls: readonly StepPair[]): ReadonlyMap<string, string> {
  const byName = Map.groupBy(calls, nameOf);
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (name: string): ReadonlySet<string> => {
    const known = reached.get(name);
    if (known !== undefined) return known;
    const found = new Set<string>();
    reached.set(name, found);
    for (const { service, target, text } of byName.get(name) ?? [])
      if (target !== service && target !== '') found.add(target);
      else for (const one of reach(nameOf({ service, operation: text }))) found.add(one);
    return found;
  };
  const found = [...byName.keys()].flatMap((name) => {
    const [first, second] = reach(name);
    return first === undefined || second !== undefined ? [] : [[name, first] as const];
  });
  return new Map(found);
}

function survivorOf(
  own: readonly StepPair[],
  { targets, tests }: { targets: ReadonlyMap<string, string>; tests: number },
): Survivor[] {
  const kept = new Map<string, number>();
  let z = 0;
  for (const step of own) {
    const { service, target, text, before, during, dispersion } = step;
    const inside = nameOf({ service, operation: text });
    const callee = target === service ? (targets.get(inside) ?? inside) : target;
    // What comes to nobody else, or to several, stands for itself: it may be what is left, and then nobody else is.
    const counts = { hits: before.spans, n: before.of, baseHits: during.spans, baseN: during.of };
    z = Math.max(z, twoProportionZ(counts) / Math.sqrt(dispersion));
    const ratio = clamp(during.spans / during.of / (before.spans / before.of), 0, 1);
    kept.set(callee, Math.max(kept.get(callee) ?? 0, ratio));
  }
  const [first, second] = [...kept].sort(([, a], [, b]) => b - a);
  if (first === undefined || second === undefined || first[0].includes('\n')) return [];
  const strength = (first[1] - second[1]) * certainty(z, tests);
  const { service: caller, operation } = own[0] as StepPair;
  return [{ caller, operation, callee: first[0], kept: first[1], left: second[1], strength }];
}
