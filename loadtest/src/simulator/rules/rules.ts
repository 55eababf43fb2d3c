/** Alert rules as a team would have them, evaluated four times a minute on what the system really did: they are late, some are missing, a few lie. */
import { serviceRules } from './objectives.ts';
import { nodeRules, resourceRules } from './resources.ts';
import { type FiredAlert, labelsOf, type Rule, type RuleOptions, runRule } from './rule.ts';

/** What fires, in the order of time. */
export function fireAlerts(options: RuleOptions): FiredAlert[] {
  const rules = [...serviceRules(options), ...resourceRules(options), ...nodeRules(options), ...absenceRules(options)];
  return rules.flatMap((rule) => runRule(rule, options)).sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
}

/** Telemetry that stops is seen by those who expect it. */
function absenceRules({ effects, random }: RuleOptions): Rule[] {
  return effects
    .filter(({ impairment, target }) => impairment.kind === 'drop-telemetry' && target.service !== undefined)
    .map(({ target, fromMs }) => ({
      name: 'TelemetryAbsent',
      severity: 'warning',
      labels: labelsOf(target.service ?? '', random),
      holdMs: random.pick([90_000, 120_000, 180_000]),
      summary: `nothing comes from ${target.service}`,
      isViolated: (atMs) => atMs >= fromMs,
    }));
}
