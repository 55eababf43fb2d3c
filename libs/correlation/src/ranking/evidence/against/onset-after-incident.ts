/** It moved clearly later than the harm began elsewhere: a cause does not come after its effect. */
import { formatSeconds } from '../../finding/format.ts';
import { lookAtOperations } from '../../finding/reference.ts';
import { against, type CounterEvidence } from './suspect.ts';

/** A slice: two signals this close are the same time. */
const slackMs = 30_000;
/** Beyond that, a minute is half of a proof. */
const halfMs = 60_000;

export const late: CounterEvidence = ({ context, service, support }) => {
  const { onset, onsetOf } = context;
  const lateMs = onsetOf(service) - onset.duringFromMs - slackMs;
  if (!onset.isSeen || lateMs <= 0) return [];
  const summary = `${service} moved ${formatSeconds(lateMs + slackMs)} after the harm had begun elsewhere`;
  // What speaks for it most is what moved: a service without spans has no calls of its own to look at.
  const look = support[0]?.look ?? lookAtOperations(service);
  const strength = -lateMs / (lateMs + halfMs);
  return [{ ...against, kind: 'late', reason: 'late', service, entity: `service:${service}`, strength, summary, look }];
};
