/**
 * What keeps two environments apart. A tenant is one scope, and its environments have services of the same names: an alert of staging has no
 * part in an incident of production. What names no environment may belong to either.
 */
import { isWellKnownEnvironment, testEnvironment, unnamedEnvironment } from '@faultline/model';
import { membersOf } from '../state/members.ts';
import type { IncidentEvidence, IncidentState, ScopeState } from '../state/state.ts';

export type EnvironmentNames = Pick<ScopeState, 'environments'>;

/**
 * Whether a name tells environments apart. A word that nobody else uses and that no telemetry has may be a team's name for a cluster, so it
 * counts as none. Before any telemetry is known each name counts.
 */
export function isTelling({ environments }: EnvironmentNames, name: string): boolean {
  if (name === '' || name === unnamedEnvironment) return false;
  return (
    name === testEnvironment || isWellKnownEnvironment(name) || environments.length === 0 || environments.includes(name)
  );
}

/**
 * The environments that evidence found an incident to be in. Empty when it may be in any of several. Only an alert itself may say that it is
 * a test: telemetry in the test environment, which anybody may send, must not mark a real page as one.
 */
export function environmentsRead({ environment }: Pick<IncidentEvidence, 'environment'>): readonly string[] {
  if (environment === undefined || environment.reason === 'ambiguous') return [];
  return environment.read.filter((name) => name !== unnamedEnvironment && name !== testEnvironment);
}

/** Names that members and evidence give, telling or not. */
export function namedEnvironments(
  members: Iterable<string>,
  evidence: Pick<IncidentEvidence, 'environment'> | undefined,
): ReadonlySet<string> {
  return new Set([...members, ...(evidence === undefined ? [] : environmentsRead(evidence))]);
}

/** The environments of an incident, sorted; empty when none is known. */
export function environmentsOf(state: ScopeState, { id }: Pick<IncidentState, 'id'>): readonly string[] {
  const { environments } = membersOf(state, id);
  const evidence = state.evidence.get(id);
  // A storm asks this of thousands of incidents for each alert.
  if (environments.size === 0 && evidence?.environment === undefined) return nowhere;
  return tellingOnes(state, namedEnvironments(environments.keys(), evidence));
}
const nowhere: readonly string[] = [];

/** Of these names those that tell environments apart, sorted. */
export function tellingOnes(names: EnvironmentNames, environments: Iterable<string>): readonly string[] {
  return [...environments].filter((name) => isTelling(names, name)).sort();
}

/** Whether something of this environment may have to do with these environments: equal, or one of the two is not known. */
export function mayBeIn(names: EnvironmentNames, environments: Iterable<string>, environment: string): boolean {
  const isNamed = isTelling(names, environment);
  let [isKnown, isTest] = [false, environment === testEnvironment];
  for (const name of environments) {
    if (isNamed && name === environment) return true;
    if (name === testEnvironment) isTest = true;
    if (isTelling(names, name)) isKnown = true;
  }
  // A test alert and what names no environment have nothing in common, either.
  return !isTest && !(isNamed && isKnown);
}

/** Whether two groups may be in one environment. */
export function mayMeet(names: EnvironmentNames, ones: Iterable<string>, others: readonly string[]): boolean {
  const telling = tellingOnes(names, others);
  if (telling.length === 0 && [...ones].includes(testEnvironment)) return false;
  return telling.length === 0 || telling.some((name) => mayBeIn(names, ones, name));
}
