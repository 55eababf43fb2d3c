/** Effects averaged over all calls, affected or not. */
import type { CallSite, Effects } from '../fault/effect.ts';

/** Wait added to each call, ms. */
export function addedWaitMs(effects: Effects, site: CallSite): number {
  return effects.at('slow', site).reduce((sum, { impairment, size, share }) => sum + impairment.ms * size * share, 0);
}

/** CPU time added to each call, ms. */
export function addedCpuMs(effects: Effects, site: CallSite): number {
  return effects
    .at('cpu', site)
    .reduce((sum, { impairment, size, share }) => sum + impairment.perCallMs * size * share, 0);
}

/** Factor on disk waits. All calls share the disk. */
export function diskFactor(effects: Effects, site: CallSite): number {
  return effects
    .at('disk', site)
    .reduce((most, { impairment, size }) => Math.max(most, 1 + (impairment.factor - 1) * size), 1);
}
