/**
 * Recommends the request and limit of a container by what it used. Two methods, as their makers state them (docs/adr/0043-rightsizing.md):
 * the simple strategy of Robusta KRR, and the recommender of Kubernetes' Vertical Pod Autoscaler (VPA). Pure.
 */
import type { UsedResource } from '@faultline/model';
import type { ContainerDay } from '@faultline/store';
import type { RightsizingConfig } from './config.ts';
import {
  type DayWeight,
  equalWeight,
  halvingWeight,
  highestUse,
  peakHistogram,
  sampleHistogram,
  useAt,
} from './use.ts';

/** Requests and limits in cores or bytes. Null: not set, or not known. */
export interface Bounds {
  readonly request: number | null;
  readonly limit: number | null;
}

/** A recommendation for one resource, with what it rests on. Cores or bytes. */
export interface Recommendation {
  readonly request: number;
  /** Null: no limit. */
  readonly limit: number | null;
  /** The range in which a request may stay as it is, by the formulas of VPA. It narrows with each day of data. */
  readonly lower: number;
  readonly upper: number;
  readonly grounds: Grounds;
}

/** Why it is this much. */
export interface Grounds {
  readonly resource: UsedResource;
  /** `percentile`: of all samples. `peaks`: percentile of the daily peaks of the pods. `highest`: the highest use. */
  readonly basis: 'percentile' | 'peaks' | 'highest';
  /** 0 to 1. */
  readonly share: number;
  readonly used: number;
  readonly marginPercent: number;
  /** Ends for want of memory that raised the recommendation. */
  readonly oomKills: number;
  /** The limit throttled the container, so a lower request was not recommended. */
  readonly heldBy: 'throttling' | null;
  readonly isLeast: boolean;
}

export interface RecommendInput {
  readonly days: readonly ContainerDay[];
  readonly cpu: Bounds;
  readonly memory: Bounds;
  /** 0 to 1; null: not measured. */
  readonly throttledShare: number | null;
  readonly oomKills: number;
}

const mib = 1024 ** 2;
const hoursOfDay = 24;
/** Percentiles of VPA: `recommendation-lower-bound-cpu-percentile` and its like, the same for memory. */
const lowerShare = 0.5;
const upperShare = 0.95;
const vpaTargetShare = 0.9;
const krrCpuShare = 0.95;
/** VPA's `OOMBumpUpRatio` and `OOMMinBumpUp`, and KRR's `oom_memory_buffer_percentage`. */
const vpaOomFactor = 1.2;
const vpaOomBytes = 100 * mib;
const krrOomFactor = 1.25;

/** Of CPU. Null when there are no samples. */
export function recommendCpu(input: RecommendInput, config: RightsizingConfig): Recommendation | null {
  const { days, cpu, throttledShare } = input;
  const isVpa = config.method === 'vpa';
  const share = config.cpuPercentile === null ? (isVpa ? vpaTargetShare : krrCpuShare) : config.cpuPercentile / 100;
  const histogram = sampleHistogram(days, 'cpu', weightOf(config));
  const used = useAt(days, 'cpu', { histogram, share });
  if (used === null) return null;
  const marginPercent = isVpa ? config.marginPercent : 0;
  const wanted = withMargin(used, marginPercent);
  const isThrottled = throttledShare !== null && throttledShare * 100 > config.throttledPercent;
  const isHeld = isThrottled && cpu.request !== null && cpu.request > wanted;
  const request = roundedCores(Math.max(wanted, config.minCores, isHeld ? (cpu.request ?? 0) : 0));
  const grounds: Grounds = {
    ...{ resource: 'cpu', basis: 'percentile', share, used, marginPercent, oomKills: 0 },
    heldBy: isHeld ? 'throttling' : null,
    isLeast: request > wanted && !isHeld && wanted < config.minCores,
  };
  const limit = isVpa ? scaledLimit(cpu, request) : null;
  return { request, limit: limit === null ? null : roundedCores(limit), ...rangeOf(input, 'cpu', config), grounds };
}

/** Of memory. Null when there are no samples. */
export function recommendMemory(input: RecommendInput, config: RightsizingConfig): Recommendation | null {
  const isVpa = config.method === 'vpa';
  const { days, memory, oomKills } = input;
  const used = isVpa
    ? useAt(days, 'memory', { histogram: peakHistogram(days, halvingWeight), share: vpaTargetShare })
    : highestUse(days, 'memory') || null;
  if (used === null) return null;
  const wanted = withMargin(used, config.marginPercent);
  const afterOom = oomKills > 0 ? enoughAfterOom(isVpa, Math.max(highestUse(days, 'memory'), memory.limit ?? 0)) : 0;
  const least = config.minMemoryMib * mib;
  const request = roundedBytes(Math.max(wanted, afterOom, least));
  const grounds: Grounds = {
    ...{ resource: 'memory', basis: isVpa ? 'peaks' : 'highest', share: isVpa ? vpaTargetShare : 1, used },
    marginPercent: config.marginPercent,
    oomKills: afterOom > wanted ? oomKills : 0,
    heldBy: null,
    isLeast: least > Math.max(wanted, afterOom),
  };
  const limit = isVpa ? scaledLimit(memory, request) : request;
  return { request, limit: limit === null ? null : roundedBytes(limit), ...rangeOf(input, 'memory', config), grounds };
}

function weightOf({ method }: RightsizingConfig): DayWeight {
  return method === 'vpa' ? halvingWeight : equalWeight;
}

function withMargin(use: number, percent: number): number {
  return use * (1 + percent / 100);
}

/** A container that was ended for want of memory wanted more than it was seen to use. */
function enoughAfterOom(isVpa: boolean, bytes: number): number {
  return isVpa ? Math.max(bytes * vpaOomFactor, bytes + vpaOomBytes) : bytes * krrOomFactor;
}

/** VPA keeps the proportion of limit and request. */
function scaledLimit({ request, limit }: Bounds, recommended: number): number | null {
  return request === null || limit === null || request === 0
    ? null
    : Math.max(recommended, (limit / request) * recommended);
}

/**
 * VPA's lower and upper bound: P50 and P95 with the margin, each with a confidence multiplier. The upper one is doubled after a day of data
 * and 1.14 times as much after a week.
 */
function rangeOf(
  { days }: RecommendInput,
  resource: UsedResource,
  config: RightsizingConfig,
): Pick<Recommendation, 'lower' | 'upper'> {
  const histogram =
    resource === 'cpu' ? sampleHistogram(days, 'cpu', halvingWeight) : peakHistogram(days, halvingWeight);
  const at = (share: number) => withMargin(useAt(days, resource, { histogram, share }) ?? 0, config.marginPercent);
  const measuredDays = measuredHours(days, resource) / hoursOfDay;
  return {
    lower: at(lowerShare) * (1 + 0.001 / measuredDays) ** -2,
    upper: at(upperShare) * (1 + 1 / measuredDays),
  };
}

/** Hours in which a resource of at least one pod was measured. */
export function measuredHours(days: readonly ContainerDay[], resource: UsedResource): number {
  return days.reduce((hours, day) => hours + (resource === 'cpu' ? day.cpuHours : day.memoryHours), 0);
}

/** Up to the next millicore; a rounding error of a product is not another one. */
function roundedCores(cores: number): number {
  return Math.ceil(cores * 1000 - 1e-6) / 1000;
}

/** Up to the next MiB. */
function roundedBytes(bytes: number): number {
  return Math.ceil(bytes / mib - 1e-9) * mib;
}
