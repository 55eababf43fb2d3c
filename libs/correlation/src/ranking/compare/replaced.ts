/** Whether a rollout took silent instances away. They are gone for good, and nothing is wrong with that. */
import type { PresenceRow } from '@faultline/model';
import { lastSignMs } from '../rows/presence.ts';
import type { Comparison } from './comparison.ts';

export type ReplacedInputs = Pick<Comparison, 'input' | 'slices' | 'groups'>;

/** The instances of one service: those that fell silent, and those that go on. */
export interface SilentAndLeft {
  readonly gone: readonly PresenceRow[];
  readonly left: readonly PresenceRow[];
}

/** A new instance serves for this long beside the old one, before a rollout takes the old one away. */
const overlapMs = 180_000;

/**
 * A rollout takes instances away and brings as many: those that neither served nor reported yet a little before. Null where neither spans nor
 * metrics of the service tell who ran when.
 */
export function isReplaced(inputs: ReplacedInputs, service: string, { gone, left }: SilentAndLeft): boolean | null {
  const sinceMs = Math.min(...gone.map(lastSignMs)) - overlapMs;
  const old = instancesBefore(inputs, service, sinceMs);
  if (old.size === 0) return null;
  return gone.length > 0 && left.filter(({ instance }) => !old.has(instance)).length >= gone.length;
}

/** The instances of a service that served or reported up to this time. */
function instancesBefore({ groups, slices, input }: ReplacedInputs, service: string, sinceMs: number): Set<string> {
  const old = new Set<string>();
  for (const { service: at, rows } of groups.operations)
    if (at === service)
      for (const { slice, instance } of rows)
        if (slice === 0 || (slices[slice]?.toMs ?? 0) <= sinceMs) old.add(instance);
  for (const { service: at, instance, points } of input.answer?.series ?? [])
    if (at === service && (points[0]?.[0] ?? Number.POSITIVE_INFINITY) <= sinceMs) old.add(instance);
  return old;
}
