/** Whether an instance is up. At its memory limit it is killed, and restarts empty in the next frame. */
import type { Instance, Service } from '../system/system.ts';
import { frameMs, type InstanceFrame } from './frame.ts';
import type { FrameContext } from './frame-context.ts';

export type Liveness = Pick<InstanceFrame, 'isUp' | 'inRotation' | 'memoryShare' | 'restarts'>;

/** Time until a dead instance leaves the rotation: two failed probes. */
const noticeMs = 20_000;

export function livenessOf(
  service: Service,
  instance: Instance,
  { atMs, capacities, effects, last }: FrameContext,
): Liveness {
  const site = { service, instance, atMs };
  const before = last?.instances.get(instance);
  const usual = capacities.get(instance)?.memoryShare ?? 0.4;
  const down = effects.at('down', site)[0];
  if (down !== undefined)
    return { isUp: false, inRotation: atMs - down.fromMs < noticeMs, memoryShare: 0, restarts: before?.restarts ?? 0 };
  const leaked = effects
    .at('leak-memory', site)
    .reduce((sum, { impairment }) => sum + (impairment.shareOfLimitPerMinute * frameMs) / 60_000, 0);
  const held = before === undefined || !before.isUp ? usual : before.memoryShare + leaked;
  const killed = held >= 1;
  return {
    isUp: !killed,
    inRotation: true,
    memoryShare: killed ? 0 : held,
    restarts: (before?.restarts ?? 0) + (killed ? 1 : 0),
  };
}
