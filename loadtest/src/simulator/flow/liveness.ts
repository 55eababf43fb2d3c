/** Whether an instance lives. Memory that reaches its limit kills it; it is back, empty, a little later. */
import type { Instance, Service } from '../system/system.ts';
import { frameMs, type InstanceFrame } from './frame.ts';
import type { Settling } from './frame-context.ts';

export type Life = Pick<InstanceFrame, 'isUp' | 'inRotation' | 'memoryShare' | 'restarts'>;

/** Unhealthy instances leave the rotation after this long: two failed probes. */
const noticeMs = 20_000;

export function lifeOf(service: Service, instance: Instance, { atMs, capacities, effects, last }: Settling): Life {
  const look = { service, instance, atMs };
  const before = last?.instances.get(instance);
  const usual = capacities.get(instance)?.memoryShare ?? 0.4;
  const gone = effects.at('gone', look)[0];
  if (gone !== undefined)
    return { isUp: false, inRotation: atMs - gone.fromMs < noticeMs, memoryShare: 0, restarts: before?.restarts ?? 0 };
  const leaked = effects
    .at('leak-memory', look)
    .reduce((sum, { physics }) => sum + (physics.shareOfLimitPerMinute * frameMs) / 60_000, 0);
  const held = before === undefined || !before.isUp ? usual : before.memoryShare + leaked;
  const killed = held >= 1;
  return {
    isUp: !killed,
    inRotation: true,
    memoryShare: killed ? 0 : held,
    restarts: (before?.restarts ?? 0) + (killed ? 1 : 0),
  };
}
