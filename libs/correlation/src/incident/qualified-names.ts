/** Names in a result that covers several environments: `checkout` of staging is `staging/checkout` where production has one, too. */
import type { Entities, EvidenceResult } from '@faultline/model';

export interface QualifiedNames {
  /** The name by which the result knows a service of this environment. */
  ofService(service: string, environment: string): string;
  ofEntities(entities: Entities, environment: string): Entities;
}

/** A name whose environment is not known stays as it is, and meets neither. */
export function namesIn(result: Pick<EvidenceResult, 'environment'> | null): QualifiedNames {
  const qualified = new Set(result?.environment?.qualified ?? []);
  const ofService = (service: string, environment: string) =>
    environment !== '' && qualified.has(service) ? `${environment}/${service}` : service;
  const ofEntities = (entities: Entities, environment: string): Entities => {
    const { service, workload } = entities;
    if (qualified.size === 0) return entities;
    return {
      ...entities,
      ...(service === undefined ? {} : { service: ofService(service, environment) }),
      ...(workload === undefined ? {} : { workload: ofService(workload, environment) }),
    };
  };
  return { ofService, ofEntities };
}
