/** The part of a call that the instance does itself: how long it takes, and whether it fails. */
import type { ActiveEffect, ImpairmentKind } from '../fault/effect.ts';
import type { ServerCall } from './server-call.ts';

/** Share of calls that take three to ten times as long, fault or not. */
const tailChance = 0.012;

export function ownDurationMs({ trace, site, state }: ServerCall): number {
  const { random } = trace;
  const { cpuMs, idleMs, sigma } = site.operation;
  const hits = <Kind extends ImpairmentKind>(kind: Kind): ActiveEffect<Kind>[] =>
    trace.effects.at(kind, site).filter(({ share }) => random.chance(share));
  const addedCpuMs = hits('cpu').reduce((sum, { impairment, size }) => sum + impairment.perCallMs * size, 0);
  const disk = hits('disk').reduce(
    (most, { impairment, size }) => Math.max(most, 1 + (impairment.factor - 1) * size),
    1,
  );
  const slow = hits('slow').reduce(
    (sum, { impairment, size }) => sum + random.logNormal(impairment.ms * size + 0.001, 0.3),
    0,
  );
  const tail = random.chance(tailChance) ? 3 + 7 * random.next() : 1;
  return random.logNormal(((cpuMs + addedCpuMs) * state.stretch + idleMs * disk + 0.02) * tail, sigma) + slow;
}

export function ownFailure({ trace, site }: ServerCall): { line: string; after: number } | null {
  const { random } = trace;
  for (const { impairment, share, size } of trace.effects.at('fail', site))
    if (random.chance(share * size)) return impairment;
  return random.chance(site.operation.usualErrors) ? { line: 'unexpected value # in field #', after: 1 } : null;
}
