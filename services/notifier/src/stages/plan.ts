/** Where a revision goes at a time, whom it names, and when that must be looked at again. Pure. */
import type { Incident } from '@faultline/model';
import { type PageContext, plainContext } from '../page/context.ts';
import { type EscalationPolicy, escalationOf, type PeopleAt } from './escalation.ts';
import { channelsForLevel, type RouteConfig, routeIncident, type TakesLevel } from './route.ts';
import { appliedRule, type RouteRule } from './route-rule.ts';

export interface Plan {
  /** Names of the channels. */
  readonly channels: readonly string[];
  readonly context: PageContext;
  /** When time alone changes the plan. Null: never. */
  readonly nextAtMs: number | null;
  /** Time has changed the plan already since the page left. */
  readonly hasChanged: boolean;
}

export interface PlanRules {
  readonly routes: readonly RouteConfig[];
  readonly routeRules: readonly RouteRule[];
  readonly escalations: readonly EscalationPolicy[];
  /** Channels of an incident that no route matches. */
  readonly defaults: readonly string[];
  readonly takes: TakesLevel;
  readonly peopleAt: PeopleAt;
}

export function planOf(incident: Incident, atMs: number, rules: PlanRules): Plan {
  const { routes, defaults, takes, escalations, peopleAt } = rules;
  const usual = channelsForLevel(incident, routeIncident(incident, routes, defaults), defaults, takes);
  const applied = appliedRule(rules.routeRules, incident);
  const escalation = escalationOf(incident, escalations, atMs, peopleAt);
  const isInstead = applied?.rule.mode === 'instead' && atMs < applied.untilMs;
  const byRule = applied === null ? [] : channelsForLevel(incident, applied.rule.channels, defaults, takes);
  const channels = [...(isInstead ? [] : usual), ...byRule, ...(escalation?.channels ?? [])];
  const isOver = incident.status === 'resolved';
  return {
    channels: [...new Set(channels)],
    context: {
      ...plainContext,
      ...(escalation !== null && { onCall: escalation }),
      ...(applied !== null && { rule: { ...applied.rule, isOver: atMs >= applied.untilMs } }),
    },
    hasChanged: !isOver && ((escalation?.step ?? 0) > 0 || (applied?.rule.mode === 'instead' && !isInstead)),
    nextAtMs: isOver ? null : earliest([isInstead ? applied.untilMs : null, escalation?.nextAtMs ?? null]),
  };
}

/** Whether time alone may change a plan. */
export function dependsOnTime({ routeRules, escalations }: Pick<PlanRules, 'routeRules' | 'escalations'>): boolean {
  return escalations.length > 0 || routeRules.some(({ mode }) => mode === 'instead');
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
