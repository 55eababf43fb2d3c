import { type Alert, alertKindRuleOf } from '@faultline/model';
import type { LabelMatch, SuppressRule } from '../state/config.ts';

/** Whether every label of `match` has its value. `alertname`, `source` and entity kinds count as labels. */
export function matchesLabels(
  match: LabelMatch,
  alert: Pick<Alert, 'name' | 'source' | 'labels' | 'entities'>,
): boolean {
  return matchesKnown(match, knownLabels(alert));
}

type KnownLabels = Readonly<Record<string, string | undefined>>;

/** All that rules compare of an alert. For many rules it is made once. */
export function knownLabels({
  labels,
  entities,
  name,
  source,
}: Pick<Alert, 'name' | 'source' | 'labels' | 'entities'>): KnownLabels {
  return { ...labels, ...entities, alertname: name, source };
}

export function matchesKnown(match: LabelMatch, known: KnownLabels): boolean {
  for (const label in match) if (known[label] !== match[label]) return false;
  return true;
}

/** What rules compare of an alert. */
type Compared = Pick<Alert, 'name' | 'source' | 'labels' | 'entities' | 'startsAtMs' | 'url'>;

/** The first rule that keeps this alert from paging; null when it pages. A heartbeat never pages, whatever the settings say. */
export function suppressedBy(rules: readonly SuppressRule[], alert: Compared): SuppressRule | null {
  return heartbeatRule(alert) ?? matchingRule(rules, alert);
}

/** Whether a rule of the settings keeps this alert from paging. */
export function isSuppressed(rules: readonly SuppressRule[], alert: Alert): boolean {
  return matchingRule(rules, alert) !== null;
}

function matchingRule(rules: readonly SuppressRule[], alert: Compared): SuppressRule | null {
  const applies = (rule: SuppressRule) =>
    matchesLabels(rule.match, alert) &&
    alert.startsAtMs >= (rule.fromMs ?? Number.NEGATIVE_INFINITY) &&
    alert.startsAtMs < (rule.untilMs ?? Number.POSITIVE_INFINITY);
  return rules.find(applies) ?? null;
}

function heartbeatRule(alert: Compared): SuppressRule | null {
  const rule = alertKindRuleOf(alert);
  return rule?.kind === 'heartbeat' ? { name: rule.id, match: {}, fromMs: null, untilMs: null } : null;
}
