/** Alert rules over the shop's own telemetry, as a team would have them: latency and errors per service, per route and per pod. */
import type { ShopSpan } from './traffic.ts';

export interface ShopAlert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly severity: 'critical' | 'warning';
}

interface Rule {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly labels: (span: ShopSpan) => Record<string, string>;
}

const rules: readonly Rule[] = [
  { name: 'ServiceSLOBurn', severity: 'critical', labels: ({ service }) => ({ service }) },
  { name: 'RouteSLOBurn', severity: 'warning', labels: ({ service, name }) => ({ service, route: name }) },
  { name: 'PodDegraded', severity: 'warning', labels: ({ service, pod, node }) => ({ service, pod, node }) },
  {
    name: 'PodRouteDegraded',
    severity: 'warning',
    labels: ({ service, pod, name }) => ({ service, pod, route: name }),
  },
];

interface Group {
  readonly labels: Record<string, string>;
  readonly before: ShopSpan[];
  readonly during: ShopSpan[];
}

/** What fires when `during` is held against `before`: twice the p95, or 5 % more errors, on at least ten requests. */
export function firingAlerts(before: readonly ShopSpan[], during: readonly ShopSpan[]): ShopAlert[] {
  return rules.flatMap((rule) => [...groupBy(rule, before, during).values()].flatMap((group) => judge(rule, group)));
}

function groupBy(rule: Rule, before: readonly ShopSpan[], during: readonly ShopSpan[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  const add = (span: ShopSpan, side: 'before' | 'during'): void => {
    if (span.kind !== 'server') return;
    const labels = rule.labels(span);
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, before: [], during: [] };
    group[side].push(span);
    groups.set(key, group);
  };
  for (const span of before) add(span, 'before');
  for (const span of during) add(span, 'during');
  return groups;
}

function judge(rule: Rule, group: Group): ShopAlert[] {
  if (group.during.length < 10) return [];
  const alert = (kind: string, summary: string): ShopAlert => ({
    name: `${rule.name}${kind}`,
    labels: group.labels,
    severity: rule.severity,
    summary,
  });
  const errors = errorRatio(group.during);
  if (errors > errorRatio(group.before) + 0.05)
    return [alert('Errors', `${Math.round(errors * 100)} % of requests fail`)];
  const p95 = p95Ms(group.during);
  if (group.before.length > 0 && p95 > 2 * p95Ms(group.before) && p95 > 20)
    return [alert('Latency', `p95 is ${Math.round(p95)} ms`)];
  return [];
}

function errorRatio(spans: readonly ShopSpan[]): number {
  return spans.length === 0 ? 0 : spans.filter(({ error }) => error).length / spans.length;
}

function p95Ms(spans: readonly ShopSpan[]): number {
  const sorted = spans.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}
