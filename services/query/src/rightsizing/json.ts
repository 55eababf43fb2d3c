/** Rightsizing as the API sends it: null is -1. */
import { finite } from '../api/json-value.ts';
import type { RightsizingConfig } from './config.ts';
import { type Freeable, sumFreeable } from './price.ts';
import { reasonsOf } from './reasons.ts';
import type { ContainerRightsizing, ResourceRightsizing } from './rightsizing.ts';

const unknown = -1;

export function containerJson(container: ContainerRightsizing, config: RightsizingConfig) {
  const { cluster, namespace, workload, kind, cpu, memory } = container;
  const { environment, team, replicas, idleReplicas, throttledShare, oomKills } = container;
  return {
    workload: { cluster, object: { kind, namespace, name: workload } },
    ...{ environment, container: container.container, team, replicas, idleReplicas, oomKills },
    cpu: resourceJson(cpu),
    memory: resourceJson(memory),
    throttledShare: throttledShare ?? unknown,
    // Both resources are needed for a whole recommendation.
    dataHours: Math.min(cpu.measuredHours, memory.measuredHours),
    neededHours: config.minHours,
    method: isRecommended(container) ? config.method : '',
    reasons: reasonsOf(container, config),
    freeable: freeableJson(container.freeable, config),
  };
}

/** Whether CPU or memory has a recommendation. */
export function isRecommended({ cpu, memory }: ContainerRightsizing): boolean {
  return cpu.recommendation !== null || memory.recommendation !== null;
}

export function totalsJson(containers: readonly ContainerRightsizing[], config: RightsizingConfig) {
  return freeableJson(sumFreeable(containers.map(({ freeable }) => freeable)), config);
}

function freeableJson({ cores, gib, monthlyPrice }: Freeable, { prices, currency }: RightsizingConfig) {
  return {
    freeableCores: finite(cores),
    freeableGib: finite(gib),
    monthlyPrice: finite(monthlyPrice),
    currency: prices.length === 0 ? '' : currency,
  };
}

function resourceJson({ request, limit, p95, max, recommendation }: ResourceRightsizing) {
  return {
    request: request ?? unknown,
    limit: limit ?? unknown,
    p95: p95 ?? unknown,
    max: max ?? unknown,
    recommendedRequest: recommendation?.request ?? unknown,
    recommendedLimit: recommendation?.limit ?? unknown,
    recommendedLower: recommendation?.lower ?? unknown,
    recommendedUpper: recommendation?.upper ?? unknown,
  };
}
