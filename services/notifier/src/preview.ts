/** Where an incident would go, without sending anything: for `npm run config -- backtest`. Pure. */
import type { Incident } from '@faultline/model';
import { definitionOf } from './channels/list.ts';
import type { NotifierConfig } from './config.ts';
import type { PeopleAt } from './stages/escalation.ts';
import { type PlanRules, planOf } from './stages/plan.ts';
import { levelReachedMs, routeRuleOf } from './stages/route-rule.ts';

export interface RoutePreview {
  /** Names of the channels without the rules of `notifier.routeRules`, and with them. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The rule that makes the difference. Null: none applies. */
  readonly rule: string | null;
}

/** The channels of an incident when it reaches its level. */
export function previewRoute(incident: Incident, config: NotifierConfig): RoutePreview {
  const rules = planRules(config, () => []);
  const atMs = levelReachedMs(incident);
  const after = planOf(incident, atMs, rules);
  const before = planOf(incident, atMs, { ...rules, routeRules: [] });
  return { before: before.channels, after: after.channels, rule: after.context.rule?.name ?? null };
}

type ConfiguredChannel = NotifierConfig['channels'][number];

/** The rules of a configuration. */
export function planRules(config: NotifierConfig, peopleAt: PeopleAt): PlanRules {
  const { channels } = config;
  const fallbacks = new Set(channels.map(({ fallback }) => fallback));
  const levels = new Map(channels.map((channel) => [channel.name, levelsOf(channel)]));
  return {
    routes: config.routes,
    routeRules: config.routeRules.map(routeRuleOf),
    escalations: config.escalations,
    defaults: channels.map(({ name }) => name).filter((name) => !fallbacks.has(name)),
    takes: (name, level) => levels.get(name)?.includes(level) === true,
    peopleAt,
  };
}

function levelsOf({ type, levels }: ConfiguredChannel): readonly string[] {
  return levels ?? definitionOf(type).levels ?? ['page'];
}
