/** What all calls together activeEffect of the effects at a target: the average over those hit and those spared. */
import type { CallSite, Effects } from '../fault/effect.ts';

/** Added to each call, ms. */
export function addedWaitMs(effects: Effects, site: CallSite): number {
  return effects.at('slow', site).reduce((sum, { impairment, size, share }) => sum + impairment.ms * size * share, 0);
}

/** Processor time added to each call, ms. */
export function addedCpuMs(effects: Effects, site: CallSite): number {
  return effects
    .at('cpu', site)
    .reduce((sum, { impairment, size, share }) => sum + impairment.perCallMs * size * share, 0);
}

/** Factor on waiting for the disk, which everybody shares. */
export function diskFactor(effects: Effects, site: CallSite): number {
  return effects
    .at('disk', site)
    .reduce((most, { impairment, size }) => Math.max(most, 1 + (impairment.factor - 1) * size), 1);
}
