/** Conditions on an incident, as routes, rules and escalations have them. */
import { foldEnvironment, type Incident, unnamedEnvironment } from '@faultline/model';
import { z } from 'zod';
import { environmentsOf } from '../page/words.ts';

const oneOf = (what: string) =>
  z.array(z.string().min(1)).optional().describe(`${what} One of these. Without it: any.`);

export const incidentMatch = z.strictObject({
  tenant: oneOf('The tenant.'),
  environment: oneOf('The environment, by any of its names: `prod` is production.'),
  severity: z
    .array(z.enum(['critical', 'error', 'warning', 'info']))
    .optional()
    .describe('The severity. One of these. Without it: any.'),
  team: oneOf('A team that owns the cause or an alerting service.'),
  causeTeam: oneOf('The team that owns the likely cause, or, while none is known, the first service that alerts.'),
  service: oneOf('A service: the likely cause, or one with an alert.'),
});
export type IncidentMatch = z.infer<typeof incidentMatch>;

/** Whether all conditions hold. Without conditions they do. */
export function matchesIncident(incident: Incident, match: IncidentMatch): boolean {
  const facts: Record<keyof IncidentMatch, readonly string[]> = {
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
