/** Names in a result that covers several environments: `checkout` of staging is `staging/checkout` where production has one, too. */
import { type Entities, type EvidenceResult, unnamedEnvironment } from '@faultline/model';

export interface QualifiedNames {
  /** The environments that something of this environment may be in: itself, or each that was read when it is not known. */
  placesOf(environment: string): readonly string[];
  /** The name by which the result knows a service of this environment. */
  ofService(service: string, environment: string): string;
  ofEntities(entities: Entities, environment: string): Entities;
}

export function namesIn(result: Pick<EvidenceResult, 'environment'> | null): QualifiedNames {
  const { qualified = [], read = [] } = result?.environment ?? {};
  const twice = new Set(qualified);
  const ofService = (service: string, environment: string) =>
    environment !== '' && twice.has(service) ? `${environment}/${service}` : service;
  const renamed = (kind: 'service' | 'workload', name: string | undefined, environment: string) =>
    name === undefined ? {} : { [kind]: ofService(name, environment) };
  return {
    placesOf: (environment) =>
      environment === '' && twice.size > 0 ? read.filter((name) => name !== unnamedEnvironment) : [environment],
    ofService,
    ofEntities: (entities, environment) =>
      twice.size === 0
        ? entities
        : {
            ...entities,
            ...renamed('service', entities.service, environment),
            ...renamed('workload', entities.workload, environment),
          },
  };
}

/** What each name of the entities may mean: one for each environment where the names differ, else as they are. */
export function possibleEntities(names: QualifiedNames, entities: Entities, environment: string): readonly Entities[] {
  const all = names.placesOf(environment).map((place) => names.ofEntities(entities, place));
  const [first = entities] = all;
  return all.some(({ service, workload }) => service !== first.service || workload !== first.workload) ? all : [first];
}
