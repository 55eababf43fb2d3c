import { type Incident, type TriageLevel, triageLevelOf } from '@faultline/model';
import { z } from 'zod';
import { incidentMatch, matchesIncident } from './match.ts';

export const routeConfig = z.strictObject({
  match: incidentMatch.default({}).describe('Conditions on the incident. All of them must hold.'),
  channels: z.array(z.string().min(1)).min(1).describe('Names of the channels that get the page.'),
});
export type RouteConfig = z.infer<typeof routeConfig>;

/** The channels of all matching routes. Without a match: the defaults, so that every incident is paged. */
export function routeIncident(
  incident: Incident,
  routes: readonly RouteConfig[],
  defaults: readonly string[],
): readonly string[] {
  const matching = routes.filter(({ match }) => matchesIncident(incident, match));
  return matching.length === 0 ? defaults : [...new Set(matching.flatMap(({ channels }) => channels))];
}

/** Which levels of triage a channel takes, by its name. */
export type TakesLevel = (channel: string, level: TriageLevel) => boolean;

/**
 * Of the routed channels those that take the incident's level; else the defaults that do. A page or ticket that no channel takes goes to the
 * routed channels all the same: it must reach somebody. A log entry then goes nowhere: the console and the API list it.
 */
export function channelsForLevel(
  incident: Pick<Incident, 'triage'>,
  routed: readonly string[],
  defaults: readonly string[],
  takes: TakesLevel,
): readonly string[] {
  const level = triageLevelOf(incident);
  const takers = [routed, defaults].map((names) => names.filter((name) => takes(name, level)));
  return takers.find(({ length }) => length > 0) ?? (level === 'log' ? [] : routed);
}
