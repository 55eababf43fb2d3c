/** Alert rules on the error rate and latency of services, against their usual values. */
import type { SentSpan } from '../telemetry/telemetry.ts';
import { aboutService, labelsOf, type Rule, type RuleOptions, type Subject } from './rule.ts';

/** Not every team has written these rules. */
export function serviceRules({ system, spans, random, fromMs, hasAllRules }: RuleOptions): Rule[] {
  const served = spans.filter(({ kind }) => kind === 'server' || kind === 'consumer');
  return [...Map.groupBy(served, ({ sender }) => sender.service)].flatMap(([name, own]) => {
    const role = system.byName.get(name)?.role;
    if (!hasAllRules && role !== 'gateway' && !random.chance(0.6)) return [];
    const windowMs = hasAllRules ? 60_000 : random.pick([60_000, 120_000, 300_000]);
    const holdMs = random.pick(hasAllRules ? [15_000, 30_000] : [15_000, 30_000, 60_000, 120_000]);
    const tolerance = 1.6 + random.next();
    const labels = labelsOf(name, random);
    const parts = hasAllRules ? partsOf(own, name) : [];
    return [{ prefix: '', subject: aboutService(name), labels, spans: own }, ...parts].flatMap((part) =>
      objectives(part, { fromMs, windowMs, holdMs, tolerance, leastCalls: hasAllRules ? 10 : 30 }),
    );
  });
}

interface Part {
  readonly prefix: string;
  readonly subject: Subject;
  readonly labels: Readonly<Record<string, string>>;
  readonly spans: readonly SentSpan[];
}

/** The same rules for each route, each pod, and each route of each pod. */
function partsOf(spans: readonly SentSpan[], service: string): Part[] {
  const split = (prefix: string, labelsOfSpan: (span: SentSpan) => Record<string, string>): Part[] =>
    [...Map.groupBy(spans, (span) => JSON.stringify(labelsOfSpan(span)))].map(([labels, own]) => ({
      prefix,
      subject: aboutService(service),
      labels: { service, ...(JSON.parse(labels) as Record<string, string>) },
      spans: own,
    }));
  return [
    ...split('Route', ({ name }) => ({ route: name })),
    ...split('Pod', ({ sender }) => ({ pod: sender.instance, node: sender.node })),
    ...split('PodRoute', ({ name, sender }) => ({ pod: sender.instance, route: name })),
  ];
}

interface Objective {
  readonly fromMs: number;
  readonly windowMs: number;
  readonly holdMs: number;
  /** The latency limit as a multiple of the usual p95. */
  readonly tolerance: number;
  /** Minimum calls in a window. With fewer, one slow call would fire the rule. */
  readonly leastCalls: number;
}

function objectives(
  { prefix, subject, labels, spans }: Part,
  { fromMs, windowMs, holdMs, tolerance, leastCalls }: Objective,
): Rule[] {
  const sorted = spans.toSorted((a, b) => a.endMs - b.endMs);
  const usual = sorted.filter(({ endMs }) => endMs < fromMs);
  const limitMs = Math.max(25, p95(usual) * tolerance);
  const usualErrors = ratio(usual);
  const where = Object.values(labels).join(' ');
  const within = (atMs: number): SentSpan[] => slice(sorted, atMs - windowMs, atMs);
  return [
    {
      kind: 'error-rate',
      subject,
      name: `${prefix}HighErrorRate`,
      severity: prefix === '' ? 'critical' : 'warning',
      labels,
      holdMs,
      summary: `${where} fails`,
      isViolated: (atMs) => isOver(within(atMs), leastCalls, (some) => ratio(some) > usualErrors + 0.04),
    },
    {
      kind: 'latency',
      subject,
      name: `${prefix}HighLatency`,
      severity: 'warning',
      labels,
      holdMs,
      summary: `${where} is slow: p95 above ${Math.round(limitMs)} ms`,
      isViolated: (atMs) => isOver(within(atMs), leastCalls, (some) => p95(some) > limitMs),
    },
  ];
}

function isOver(spans: readonly SentSpan[], least: number, test: (spans: readonly SentSpan[]) => boolean): boolean {
  return spans.length >= least && test(spans);
}

function slice(sorted: readonly SentSpan[], fromMs: number, toMs: number): SentSpan[] {
  return sorted.filter(({ endMs }) => endMs >= fromMs && endMs < toMs);
}

function ratio(spans: readonly SentSpan[]): number {
  return spans.length === 0 ? 0 : spans.filter(({ failed }) => failed).length / spans.length;
}

function p95(spans: readonly SentSpan[]): number {
  const sorted = spans.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}
