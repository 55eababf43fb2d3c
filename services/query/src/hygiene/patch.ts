/**
 * Patches of rules as YAML. Each text is a file of its own that `promtool check rules` or `amtool check-config` accepts. Copy the rule or the
 * section that it names into your own file.
 */
import type { AlertFiring } from '@faultline/store';
import { stringify } from 'yaml';

export interface Patch {
  readonly target: 'prometheus-rule' | 'alertmanager';
  readonly yaml: string;
}

const minuteMs = 60_000;

/** The rule with a lower severity. Without its expression: a route of Alertmanager that notifies nobody. */
export function demotedPatch(firings: readonly AlertFiring[]): Patch {
  const rule = ruleOf(firings);
  if (rule === null) return mutedRoute(firings[0]?.name ?? '');
  return ruleFile({ ...rule, labels: { ...rule.labels, severity: 'info' } });
}

/**
 * The rule, kept firing over short gaps (`keep_firing_for`, Prometheus 2.42 and newer). Without its expression: a route of Alertmanager that
 * waits that long before it notifies again.
 */
export function steadyPatch(firings: readonly AlertFiring[], keepMs: number): Patch {
  const rule = ruleOf(firings);
  const minutes = `${Math.ceil(keepMs / minuteMs)}m`;
  if (rule !== null) return ruleFile({ ...rule, keep_firing_for: minutes });
  return alertmanagerFile({
    route: {
      receiver: 'default',
      routes: [{ matchers: [matcher(firings[0]?.name ?? '')], receiver: 'default', group_interval: minutes }],
    },
  });
}

/** The target is not notified while the source fires. `equal`: labels that both have in common. */
export function inhibitionPatch(source: string, target: string, equal: readonly string[]): Patch {
  return alertmanagerFile({
    route: { receiver: 'default' },
    inhibit_rules: [
      { source_matchers: [matcher(source)], target_matchers: [matcher(target)], ...(equal.length > 0 && { equal }) },
    ],
  });
}

function mutedRoute(name: string): Patch {
  return alertmanagerFile({
    route: { receiver: 'default', routes: [{ matchers: [matcher(name)], receiver: 'nobody' }] },
    receivers: [{ name: 'default' }, { name: 'nobody' }],
  });
}

/** A matcher in the syntax of Alertmanager, with a quoted value. */
function matcher(name: string): string {
  return `alertname=${JSON.stringify(name)}`;
}

function alertmanagerFile(config: Readonly<Record<string, unknown>>): Patch {
  return { target: 'alertmanager', yaml: stringify({ receivers: [{ name: 'default' }], ...config }) };
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly keep_firing_for?: string;
}

function ruleFile(rule: Rule): Patch {
  return { target: 'prometheus-rule', yaml: stringify({ groups: [{ name: 'faultline-hygiene', rules: [rule] }] }) };
}

/** Prometheus puts the expression into the address of the alert (`g0.expr`). Null: no firing has one. */
function ruleOf(firings: readonly AlertFiring[]): Rule | null {
  for (const { name, url, labels } of firings.toReversed()) {
    const expr = expressionOf(url);
    const { severity } = labels;
    if (expr !== null) return { alert: name, expr, ...(severity !== undefined && { labels: { severity } }) };
  }
  return null;
}

function expressionOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  return new URL(url).searchParams.get('g0.expr') || null;
}
