/** The shared incident as these tests use it: a storm of 40 alerts, at its second revision. */
import type { Incident } from '@faultline/model';
import { anIncident, aResolvedIncident } from '@faultline/model/testing';

export { likelyCause } from '@faultline/model/testing';

const storm = { id: 'inc1', revision: 2, alertCount: 40, firingCount: 38 } as const;

export function incident(changed: Partial<Incident> = {}): Incident {
  return anIncident({ ...storm, ...changed });
}

export function resolved(revision: number, changed: Partial<Incident> = {}): Incident {
  return aResolvedIncident({ ...storm, revision, firingCount: 0, ...changed });
}

/** A command that changed nothing. */
export const refusedCommand: Incident['commands'][number] = {
  id: 'c1',
  result: 'refused',
  refusal: 'stale-revision',
  reason: 'the incident is at revision 3, not 2: read it again',
};
