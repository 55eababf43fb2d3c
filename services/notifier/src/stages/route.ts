import { foldEnvironment, type Incident, type TriageLevel, triageLevelOf, unnamedEnvironment } from '@faultline/model';
import { z } from 'zod';
import { environmentsOf } from '../page/words.ts';

const oneOf = (what: string) =>
  z.array(z.string().min(1)).optional().describe(`${what} One of these. Without it: any.`);

export const routeConfig = z.strictObject({
  match: z
    .strictObject({
      tenant: oneOf('The tenant.'),
      environment: oneOf('The environment, by any of its names: `prod` is production.'),
      severity: z
        .array(z.enum(['critical', 'error', 'warning', 'info']))
        .optional()
        .describe('The severity. One of these. Without it: any.'),
      team: oneOf('A team that owns the cause or an alerting service.'),
      causeTeam: oneOf('The team that owns the likely cause, or, while none is known, the first service that alerts.'),
      service: oneOf('A service: the likely cause, or one with an alert.'),
    })
    .default({})
    .describe('Conditions on the incident. All of them must hold.'),
  channels: z.array(z.string().min(1)).min(1).describe('Names of the channels that get the page.'),
});
export type RouteConfig = z.infer<typeof routeConfig>;

/** The channels of all matching routes. Without a match: the defaults, so that every incident is paged. */
export function routeIncident(
  incident: Incident,
  routes: readonly RouteConfig[],
  defaults: readonly string[],
): readonly string[] {
  const matching = routes.filter(({ match }) => isMatch(incident, match));
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

function isMatch(incident: Incident, match: RouteConfig['match']): boolean {
  const facts: Record<keyof RouteConfig['match'], readonly string[]> = {
    tenant: [incident.scope.tenant],
    environment: environmentFacts(incident),
    severity: [incident.severity],
    team: incident.owners.map(({ team }) => team),
    causeTeam: incident.owners.slice(0, 1).map(({ team }) => team),
    service: servicesOf(incident),
  };
  return Object.entries(match).every(
    ([name, wanted]) =>
      wanted === undefined ||
      facts[name as keyof typeof facts].some((fact) => wantedNames(name, wanted as string[]).includes(fact)),
  );
}

function wantedNames(fact: string, wanted: readonly string[]): readonly string[] {
  if (fact !== 'environment') return wanted;
  return wanted.flatMap((name) => [name, foldEnvironment(name).environment || unnamedEnvironment]);
}

/** A route may say `prod`, and so may an incident of an older release. Where it is not known, each that was read counts. */
function environmentFacts(incident: Incident): readonly string[] {
  const names =
    [environmentsOf(incident), incident.environmentReading?.read ?? []].find(({ length }) => length > 0) ?? [];
  if (names.length === 0) return [unnamedEnvironment];
  return [...new Set(names.flatMap((name) => [name, foldEnvironment(name).environment]))];
}

function servicesOf(incident: Incident): readonly string[] {
  const alerting = incident.alerts.map(({ entity }) => entity).filter((entity) => entity.startsWith('service:'));
  const cause = incident.hypotheses[0]?.cause.service;
  const plain = incident.environmentReading?.qualified.find((name) => cause?.endsWith(`/${name}`));
  const named = [cause, plain].filter((name) => name !== undefined);
  return [...alerting.map((entity) => entity.slice('service:'.length)), ...named];
}
