/** Alert rules as a team would have them, evaluated every half minute on what the system really did: they are late, some are missing, a few lie. */

import type { Effect } from './effect.ts';
import type { Flow } from './flow/flow.ts';
import type { Random } from './random.ts';
import { type Change, senderAt } from './rollout.ts';
import type { System } from './system.ts';
import type { SentSpan } from './telemetry.ts';

export interface FiredAlert {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly atMs: number;
  /** When it ended; null while it fires. */
  readonly endMs: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface RuleOptions {
  readonly system: System;
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly spans: readonly SentSpan[];
  readonly effects: readonly Effect[];
  readonly random: Random;
  /** Rules are judged from here on; before it is what they take as usual. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Every team has written every rule, for routes and pods as well: a storm. */
  readonly isThorough: boolean;
}

interface Rule {
  readonly name: string;
  readonly severity: FiredAlert['severity'];
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** How long it must hold. */
  readonly holdMs: number;
  readonly isBroken: (atMs: number) => boolean;
}

const everyMs = 15_000;
const deafMs = 180_000;

/** What fires, in the order of time. */
export function fireAlerts(options: RuleOptions): FiredAlert[] {
  const rules = [...serviceRules(options), ...resourceRules(options), ...nodeRules(options), ...absenceRules(options)];
  return rules.flatMap((rule) => run(rule, options)).sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
}

function run(rule: Rule, { fromMs, toMs }: RuleOptions): FiredAlert[] {
  // A rule that was broken before is one that nobody listens to any more.
  for (let atMs = fromMs - deafMs; atMs < fromMs; atMs += everyMs) if (rule.isBroken(atMs)) return [];
  let brokenSince: number | null = null;
  for (let atMs = fromMs; atMs <= toMs; atMs += everyMs) {
    if (!rule.isBroken(atMs)) brokenSince = null;
    else {
      brokenSince ??= atMs;
      if (atMs - brokenSince >= rule.holdMs) {
        const { name, severity, labels, summary } = rule;
        return [{ name, severity, labels, summary, atMs, endMs: null }];
      }
    }
  }
  return [];
}

/** Objectives of services whose spans are known: not every team has written them. */
function serviceRules({ system, spans, random, fromMs, isThorough }: RuleOptions): Rule[] {
  const served = spans.filter(({ kind }) => kind === 'server' || kind === 'consumer');
  return [...Map.groupBy(served, ({ sender }) => sender.service)].flatMap(([name, own]) => {
    const role = system.byName.get(name)?.role;
    if (!isThorough && role !== 'gateway' && !random.chance(0.6)) return [];
    const windowMs = isThorough ? 60_000 : random.pick([60_000, 120_000, 300_000]);
    const holdMs = random.pick(isThorough ? [15_000, 30_000] : [15_000, 30_000, 60_000, 120_000]);
    const looseness = 1.6 + random.next();
    const labels = labelsOf(name, random);
    const parts = isThorough ? partsOf(own, name) : [];
    return [{ prefix: '', labels, spans: own }, ...parts].flatMap((part) =>
      objectives(part, { fromMs, windowMs, holdMs, looseness, leastCalls: isThorough ? 10 : 30 }),
    );
  });
}

interface Part {
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spans: readonly SentSpan[];
}

/** The same objectives for each route, each pod, and each route of each pod. */
function partsOf(spans: readonly SentSpan[], service: string): Part[] {
  const split = (prefix: string, labelsOfSpan: (span: SentSpan) => Record<string, string>): Part[] =>
    [...Map.groupBy(spans, (span) => JSON.stringify(labelsOfSpan(span)))].map(([labels, own]) => ({
      prefix,
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
  /** How many times the usual p95 is too much. */
  readonly looseness: number;
  /** With fewer calls in a window, one slow one would be an alert. */
  readonly leastCalls: number;
}

function objectives(
  { prefix, labels, spans }: Part,
  { fromMs, windowMs, holdMs, looseness, leastCalls }: Objective,
): Rule[] {
  const sorted = spans.toSorted((a, b) => a.endMs - b.endMs);
  const usual = sorted.filter(({ endMs }) => endMs < fromMs);
  const limitMs = Math.max(25, p95(usual) * looseness);
  const usualErrors = ratio(usual);
  const where = Object.values(labels).join(' ');
  const within = (atMs: number): SentSpan[] => slice(sorted, atMs - windowMs, atMs);
  return [
    {
      name: `${prefix}HighErrorRate`,
      severity: prefix === '' ? 'critical' : 'warning',
      labels,
      holdMs,
      summary: `${where} fails`,
      isBroken: (atMs) => isOver(within(atMs), leastCalls, (some) => ratio(some) > usualErrors + 0.04),
    },
    {
      name: `${prefix}HighLatency`,
      severity: 'warning',
      labels,
      holdMs,
      summary: `${where} is slow: p95 above ${Math.round(limitMs)} ms`,
      isBroken: (atMs) => isOver(within(atMs), leastCalls, (some) => p95(some) > limitMs),
    },
  ];
}

/** Teams name things as they please. */
function labelsOf(service: string, random: Random): Record<string, string> {
  const key = random.pick(['service', 'service', 'service_name', 'app', 'job']);
  return { [key]: service };
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

function resourceRules({ system, flow, changes, random }: RuleOptions): Rule[] {
  return system.services
    .filter(({ sends }) => sends.metrics)
    .flatMap((service) =>
      service.instances.flatMap((instance) => {
        const state = (atMs: number) => flow.at(atMs).instances.get(instance);
        const sender = senderAt(service, instance, { changes, atMs: Number.POSITIVE_INFINITY });
        const labels = {
          pod: sender.instance,
          namespace: 'shop',
          ...(random.chance(0.5) ? { service: service.name } : {}),
        };
        const rule = (
          name: string,
          holdMs: number,
          isBroken: Rule['isBroken'],
          severity: Rule['severity'] = 'warning',
        ): Rule[] =>
          severity === 'critical' || random.chance(0.6)
            ? [{ name, severity, labels, holdMs, summary: `${name} on ${sender.instance}`, isBroken }]
            : [];
        return [
          ...rule('PodCpuHigh', 120_000, (atMs) => (state(atMs)?.utilisation ?? 0) > 0.92),
          ...rule('PodMemoryHigh', 60_000, (atMs) => (state(atMs)?.memoryShare ?? 0) > 0.92),
          ...rule('PodRestarted', 0, (atMs) => (state(atMs)?.restarts ?? 0) > 0),
          ...rule('PodDown', 60_000, (atMs) => state(atMs)?.isUp === false, 'critical'),
          ...(service.role === 'worker'
            ? rule('ConsumerLag', 60_000, (atMs) => (state(atMs)?.queue.waitMs ?? 0) > 20_000, 'critical')
            : []),
        ];
      }),
    );
}

function nodeRules({ system, flow, random }: RuleOptions): Rule[] {
  return system.nodes.flatMap(({ name }) => {
    const isDead = (atMs: number): boolean => {
      const hosted = [...flow.at(atMs).instances].filter(([instance]) => instance.node.name === name);
      return hosted.length > 0 && hosted.every(([, { isUp }]) => !isUp);
    };
    const labels = { node: name };
    return random.chance(0.7)
      ? [
          {
            name: 'NodeNotReady',
            severity: 'critical',
            labels,
            holdMs: 45_000,
            summary: `${name} is not ready`,
            isBroken: isDead,
          },
        ]
      : [];
  });
}

/** Telemetry that stops is seen by those who expect it. */
function absenceRules({ effects, random }: RuleOptions): Rule[] {
  return effects
    .filter(({ physics, place }) => physics.kind === 'mute' && place.service !== undefined)
    .map(({ place, fromMs }) => ({
      name: 'TelemetryAbsent',
      severity: 'warning',
      labels: labelsOf(place.service ?? '', random),
      holdMs: random.pick([90_000, 120_000, 180_000]),
      summary: `nothing comes from ${place.service}`,
      isBroken: (atMs) => atMs >= fromMs,
    }));
}
