/** Rules of people that send what is paged in a window elsewhere: quiet hours, another team for a week. They override routes and never lose a page. */
import type { Incident } from '@faultline/model';
import { optionalRecurrence, ruleHead, ruleWindows, withRecurrence } from '@faultline/runtime';
import { z } from 'zod';
import { type IncidentMatch, incidentMatch, matchesIncident } from './match.ts';

export const routeRuleConfig = withRecurrence(
  z.strictObject({
    ...ruleHead,
    match: incidentMatch.default({}).describe('Conditions on the incident. All of them must hold.'),
    channels: z.array(z.string().min(1)).min(1).describe('Names of the channels that get the page.'),
    mode: z
      .enum(['instead', 'also'])
      .default('instead')
      .describe(
        '`instead`: the usual channels get it when the window ends, if it is still open. `also`: they get it at once.',
      ),
    ...optionalRecurrence,
  }),
);
export type RouteRuleConfig = z.infer<typeof routeRuleConfig>;

export interface RouteRule {
  readonly name: string;
  readonly owner: string;
  readonly match: IncidentMatch;
  readonly channels: readonly string[];
  readonly mode: 'instead' | 'also';
  /** In rising order, from inclusive to exclusive. */
  readonly windows: readonly { readonly fromMs: number; readonly untilMs: number }[];
}

/** A rule with its windows. Throws for a recurrence that cannot be read, which the configuration does not let through. */
export function routeRuleOf(config: RouteRuleConfig): RouteRule {
  const { name, owner, match, channels, mode } = config;
  return { name, owner, match, channels, mode, windows: ruleWindows(config) };
}

/** The rule that an incident falls under, and until when. */
export interface AppliedRule {
  readonly rule: RouteRule;
  readonly untilMs: number;
}

/**
 * The first rule that matches and in whose window the incident reached its level. That time never changes, so the answer is the same for each
 * revision and after a restart. Null: none.
 */
export function appliedRule(rules: readonly RouteRule[], incident: Incident): AppliedRule | null {
  const atMs = levelReachedMs(incident);
  for (const rule of rules) {
    const window = rule.windows.find(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
    if (window !== undefined && matchesIncident(incident, rule.match)) return { rule, untilMs: window.untilMs };
  }
  return null;
}

/** When people were first to be told. Older releases have no triage. */
export function levelReachedMs({ triage, detectedAtMs }: Pick<Incident, 'triage' | 'detectedAtMs'>): number {
  return triage?.atMs ?? detectedAtMs;
}
