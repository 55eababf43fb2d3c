/** What all calls together feel of the effects at a place: the average over those hit and those spared. */
import type { Effects, Look } from '../fault/effect.ts';

/** Added to each call, ms. */
export function slowedMs(effects: Effects, look: Look): number {
  return effects.at('slow', look).reduce((sum, { physics, size, share }) => sum + physics.ms * size * share, 0);
}

/** Processor time added to each call, ms. */
export function burntMs(effects: Effects, look: Look): number {
  return effects.at('burn', look).reduce((sum, { physics, size, share }) => sum + physics.perCallMs * size * share, 0);
}

/** Factor on waiting for the disk, which everybody shares. */
export function diskFactor(effects: Effects, look: Look): number {
  return effects
    .at('disk', look)
    .reduce((most, { physics, size }) => Math.max(most, 1 + (physics.factor - 1) * size), 1);
}
