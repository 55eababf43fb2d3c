/** When one service began to do harm, by its own signals. Only these are tested once it is suspected, so weaker ones are enough. */
import type { EvidenceResult, TimeRange } from '@faultline/model';
import { gainAt, partsSince, type Signal, stepZs } from './change-point.ts';
import type { Onset } from './moment.ts';

/** A cause may show a little before or after the whole incident. A step far away belongs to something else. */
const ownReachMs = 180_000;
/** One in a thousand: the many other services are no longer in question. */
const suspectedZ = 3;

/**
 * Returns a function from a service to the time of its own step, to a part of a slice. Without a step it returns the onset of the
 * incident.
 */
export function ownOnsets(
  signals: readonly Signal[],
  { answer, incident }: { answer: EvidenceResult; incident: Onset },
): (service: string) => number {
  const bounds = answer.slices.flatMap((_, slice) => (slice > 0 ? [slice] : []));
  const known = new Map<string, number>();
  return (service) => {
    const own = () => signals.filter((signal) => signal.service === service || signal.target === service);
    const atMs = known.get(service) ?? ownOnset(own(), { slices: answer.slices, bounds, incident });
    known.set(service, atMs);
    return atMs;
  };
}

interface Looking {
  readonly slices: readonly TimeRange[];
  readonly bounds: readonly number[];
  readonly incident: Onset;
}

function ownOnset(own: readonly Signal[], { slices, bounds, incident }: Looking): number {
  const steps = own.map((signal) => ({ signal, zs: stepZs(signal, bounds, slices.length) }));
  const clear = steps.filter(({ zs }) => zs.some((z) => z > suspectedZ));
  const gains = bounds.map((_, i) => clear.reduce((most, { zs }) => Math.max(most, gainAt(zs, i)), 0));
  let best = -1;
  for (const [i, bound] of bounds.entries()) {
    const isNear = !incident.isSeen || Math.abs((slices[bound]?.fromMs ?? 0) - incident.atMs) <= ownReachMs;
    if (isNear && isPeak(gains, i) && (gains[i] ?? 0) > (gains[best] ?? 0)) best = i;
  }
  const bound = bounds[best];
  if (bound === undefined) return incident.atMs;
  const signals = clear.map(({ signal }) => signal);
  return within(signals, bound, slices);
}

/** Where a gain still grows towards the edge of the reach, its step lies beyond. */
function isPeak(gains: readonly number[], i: number): boolean {
  const gain = gains[i] ?? 0;
  return gain >= (gains[i - 1] ?? 0) && gain >= (gains[i + 1] ?? 0);
}

/** Harm seldom begins with a slice. The share of it in this slice and in the one before tells when it began. */
function within(signals: readonly Signal[], bound: number, slices: readonly TimeRange[]): number {
  const { first, before } = partsSince(signals, bound);
  const lengthOf = (slice: number): number => (slices[slice]?.toMs ?? 0) - (slices[slice]?.fromMs ?? 0);
  const lead = bound > 1 ? before * lengthOf(bound - 1) : 0;
  return Math.round((slices[bound]?.fromMs ?? 0) + (1 - first) * lengthOf(bound) - lead);
}
