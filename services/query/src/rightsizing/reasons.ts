/** Words a recommendation, or says what is missing for one. */
import type { RightsizingConfig } from './config.ts';
import type { Grounds, Recommendation } from './recommend.ts';
import type { ContainerRightsizing, ResourceRightsizing } from './rightsizing.ts';

const mib = 1024 ** 2;
const nameOf = { cpu: 'CPU', memory: 'Memory' } as const;

/** A sentence each. */
export function reasonsOf(container: ContainerRightsizing, config: RightsizingConfig): readonly string[] {
  const { cpu, memory, throttledShare, oomKills, idleReplicas, replicas } = container;
  return [
    ...resourceReasons('cpu', cpu, config),
    ...resourceReasons('memory', memory, config),
    ...(throttledShare !== null && throttledShare * 100 > config.throttledPercent
      ? [`The CPU limit throttled ${percent(throttledShare)} of the periods, so the use understates the need.`]
      : []),
    ...(oomKills > 0 ? [`Containers ran out of memory ${times(oomKills)} in ${config.days} days.`] : []),
    ...(idleReplicas > 0
      ? [`${idleReplicas} of ${replicas} replicas used at most ${config.idleCores} cores in 95 % of the last day.`]
      : []),
  ];
}

function resourceReasons(
  resource: 'cpu' | 'memory',
  { recommendation, measuredHours }: ResourceRightsizing,
  { minHours }: RightsizingConfig,
): readonly string[] {
  if (recommendation === null)
    return [
      measuredHours === 0
        ? `${nameOf[resource]}: no recommendation, because no use was measured.`
        : `${nameOf[resource]}: no recommendation, because ${measuredHours} of ${minHours} hours were measured; ${Math.max(0, minHours - measuredHours)} are missing.`,
    ];
  return [groundsText(recommendation.grounds), rangeText(recommendation, resource, measuredHours)];
}

function groundsText(grounds: Grounds): string {
  const { resource, basis, share, used, marginPercent, oomKills, heldBy, isLeast } = grounds;
  const basisText = {
    percentile: `${percent(share)} of the samples used at most ${amount(resource, used)}`,
    peaks: `${percent(share)} of the daily peaks, the recent ones weighing more, were at most ${amount(resource, used)}`,
    highest: `the highest use was ${amount(resource, used)}`,
  }[basis];
  const margin = marginPercent === 0 ? 'no margin is added' : `${marginPercent} % are added`;
  const raised = oomKills > 0 ? ' It was raised because containers ran out of memory.' : '';
  const held = heldBy === 'throttling' ? ' It is not lowered, because the limit throttles the container.' : '';
  const least = isLeast ? ' It was raised to the least that is recommended.' : '';
  return `${nameOf[resource]}: ${basisText}; ${margin}.${raised}${held}${least}`;
}

function rangeText({ lower, upper }: Recommendation, resource: 'cpu' | 'memory', measuredHours: number): string {
  return `${nameOf[resource]}: after ${measuredHours} hours of data, a request from ${amount(resource, lower)} to ${amount(resource, upper)} may stay as it is.`;
}

function amount(resource: 'cpu' | 'memory', value: number): string {
  return resource === 'cpu' ? `${Number(value.toPrecision(3))} cores` : `${Math.ceil(value / mib - 1e-9)} MiB`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
