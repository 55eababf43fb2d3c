/** Replicas that do next to nothing. Pure. */
import { usagePercentile } from '@faultline/model';
import type { ContainerPod } from '@faultline/store';

/** A pod that was measured for less of the last 24 hours may have had no traffic yet. */
const leastHours = 20;
const hourMs = 3_600_000;
const share = 0.95;

/** The pods that still run and used no more than `idleCores` in 95 % of the samples of the last day. */
export function idlePods(pods: readonly ContainerPod[], nowMs: number, idleCores: number): readonly ContainerPod[] {
  return pods.filter(({ cpu, hours, lastHourMs }) => {
    const used = usagePercentile('cpu', cpu, share);
    return hours >= leastHours && nowMs - lastHourMs < 2 * hourMs && used !== null && used <= idleCores;
  });
}
