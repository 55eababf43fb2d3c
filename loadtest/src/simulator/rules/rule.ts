/** An alert rule, and when it fires. */

import type { Random } from '../../random/random.ts';
import type { Change } from '../fault/change.ts';
import type { Effect } from '../fault/effect.ts';
import type { Flow } from '../flow/flow.ts';
import type { System } from '../system/system.ts';
import type { SentSpan } from '../telemetry/telemetry.ts';

/** What a rule watches, however its team named it. */
export type RuleKind =
  | 'error-rate'
  | 'latency'
  | 'cpu'
  | 'memory'
  | 'restart'
  | 'pod-down'
  | 'lag'
  | 'node-down'
  | 'absence'
  | 'probe'
  | 'report';

/** What an alert is about. Empty where it is about no such thing. */
export interface Subject {
  readonly service: string;
  readonly pod: string;
  readonly node: string;
}

export interface FiredAlert {
  readonly kind: RuleKind;
  readonly subject: Subject;
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly atMs: number;
  /** Null while it fires. */
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
  /** Rules fire only after this. Earlier data defines what is usual. */
  readonly fromMs: number;
  readonly toMs: number;
  /** True: every team has every rule, for routes and pods as well. This causes an alert storm. */
  readonly hasAllRules: boolean;
}

export interface Rule {
  readonly kind: RuleKind;
  readonly subject: Subject;
  readonly name: string;
  readonly severity: FiredAlert['severity'];
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** How long the condition must hold (`for` in Prometheus). */
  readonly holdMs: number;
  readonly isViolated: (atMs: number) => boolean;
}

const evaluationIntervalMs = 15_000;
const lookbackMs = 180_000;

/** Returns the first alert of the rule, or nothing. */
export function runRule(rule: Rule, { fromMs, toMs }: RuleOptions): FiredAlert[] {
  // A rule that fired already before the fault is muted by its team.
  for (let atMs = fromMs - lookbackMs; atMs < fromMs; atMs += evaluationIntervalMs)
    if (rule.isViolated(atMs)) return [];
  let violatedSinceMs: number | null = null;
  for (let atMs = fromMs; atMs <= toMs; atMs += evaluationIntervalMs) {
    if (!rule.isViolated(atMs)) violatedSinceMs = null;
    else {
      violatedSinceMs ??= atMs;
      if (atMs - violatedSinceMs >= rule.holdMs) {
        const { kind, subject, name, severity, labels, summary } = rule;
        return [{ kind, subject, name, severity, labels, summary, atMs, endMs: null }];
      }
    }
  }
  return [];
}

export function aboutService(service: string): Subject {
  return { service, pod: '', node: '' };
}

/** Each team has its own label for the service name. */
export function labelsOf(service: string, random: Random): Record<string, string> {
  const key = random.pick(['service', 'service', 'service_name', 'app', 'job']);
  return { [key]: service };
}
