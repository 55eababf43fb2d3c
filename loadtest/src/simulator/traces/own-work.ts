/** What a call does by itself: how long it works, and whether it fails by its own doing. */
import type { Felt, PhysicsKind } from '../fault/effect.ts';
import type { Visit } from './server-call.ts';

/** One attempt in a hundred takes several times as long, on any day. */
const tailChance = 0.012;

export function ownTime({ walk, look, state }: Visit): number {
  const { random } = walk;
  const { cpuMs, idleMs, sigma } = look.operation;
  const hits = <Kind extends PhysicsKind>(kind: Kind): Felt<Kind>[] =>
    walk.effects.at(kind, look).filter(({ share }) => random.chance(share));
  const burn = hits('burn').reduce((sum, { physics, size }) => sum + physics.perCallMs * size, 0);
  const disk = hits('disk').reduce((most, { physics, size }) => Math.max(most, 1 + (physics.factor - 1) * size), 1);
  const slow = hits('slow').reduce(
    (sum, { physics, size }) => sum + random.logNormal(physics.ms * size + 0.001, 0.3),
    0,
  );
  const tail = random.chance(tailChance) ? 3 + 7 * random.next() : 1;
  return random.logNormal(((cpuMs + burn) * state.stretch + idleMs * disk + 0.02) * tail, sigma) + slow;
}

export function ownFailure({ walk, look }: Visit): { line: string; after: number } | null {
  const { random } = walk;
  for (const { physics, share, size } of walk.effects.at('fail', look)) if (random.chance(share * size)) return physics;
  return random.chance(look.operation.usualErrors) ? { line: 'unexpected value # in field #', after: 1 } : null;
}
