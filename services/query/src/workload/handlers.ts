/** The handlers of WorkloadService. */
import type { Bus } from '@faultline/bus';
import type { EnvironmentRules } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { IncidentReadModel } from '../incident/read-model.ts';
import type { WorkloadHandlers } from '../operations/workloads.ts';
import type { ReadStore } from '../read-model/store.ts';
import type { createRightsizing } from '../rightsizing/listing.ts';
import { createChangeList } from './changes.ts';
import { createDriftHandlers } from './drift.ts';
import { createWorkloadGetter } from './get.ts';
import { createWorkloadList } from './list.ts';
import type { WorkloadReadModel } from './read-model.ts';

export interface WorkloadHandlersOptions {
  readonly model: WorkloadReadModel;
  readonly incidents: IncidentReadModel;
  readonly readStore: ReadStore;
  readonly clock: Clock;
  readonly environmentRules: EnvironmentRules;
  /** Requests of containers against their use. */
  readonly rightsizing: ReturnType<typeof createRightsizing>;
  readonly bus: Pick<Bus, 'publish'>;
}

export function createWorkloadHandlers(options: WorkloadHandlersOptions): WorkloadHandlers['workloads'] {
  return {
    list: createWorkloadList(options.model),
    get: createWorkloadGetter(options),
    changes: createChangeList(options),
    ...createDriftHandlers(options),
    rightsizing: options.rightsizing.list,
  };
}
