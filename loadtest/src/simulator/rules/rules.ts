/** Alert rules as teams have them, evaluated every 15 s. Some are late, some are missing, some fire falsely. */
import { serviceRules } from './objectives.ts';
import { nodeRules, resourceRules } from './resources.ts';
import { aboutService, type FiredAlert, labelsOf, type Rule, type RuleOptions, runRule } from './rule.ts';

/** All alerts that fire, in order of time. */
export function fireAlerts(options: RuleOptions): FiredAlert[] {
  const rules = [...serviceRules(options), ...resourceRules(options), ...nodeRules(options), ...absenceRules(options)];
  return rules.flatMap((rule) => runRule(rule, options)).sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
}

/** Absence alerts of teams that expect telemetry. */
function absenceRules({ effects, random }: RuleOptions): Rule[] {
  return effects
    .filter(({ impairment, target }) => impairment.kind === 'drop-telemetry' && target.service !== undefined)
    .map(({ target, fromMs }) => ({
      kind: 'absence',
      subject: aboutService(target.service ?? ''),
      name: 'TelemetryAbsent',
      severity: 'warning',
      labels: labelsOf(target.service ?? '', random),
      holdMs: random.pick([90_000, 120_000, 180_000]),
      summary: `nothing comes from ${target.service}`,
      isViolated: (atMs) => atMs >= fromMs,
    }));
}
