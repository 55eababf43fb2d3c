/** Plans the call graph: services in layers, gateways first. */
import { type Random, shuffled } from '../../random/random.ts';
import { gateways, nouns } from './names.ts';

/** A planned service: the callees of each of its operations. */
export interface Plan {
  readonly name: string;
  readonly depth: number;
  readonly operations: readonly string[][];
}

/** Callers come before callees. Some services have several callers: fan-in makes attribution hard. */
export function drawPlans(layers: readonly string[][], random: Random): Plan[] {
  const plans = layers.flatMap((names, depth) =>
    names.map((name) => ({
      name,
      depth,
      operations: Array.from({ length: depth === 0 ? random.int(3, 5) : random.int(1, 3) }, (): string[] => []),
    })),
  );
  for (const plan of plans)
    for (let calls = plan.depth === 0 ? 0 : random.pick([1, 1, 2, 2, 3]); calls > 0; calls--) {
      const above = plans.filter(({ depth }) => (calls === 1 ? depth === plan.depth - 1 : depth < plan.depth));
      const targets = random.pick(random.pick(above).operations);
      if (!targets.includes(plan.name)) targets.push(plan.name);
    }
  return plans;
}

/** Names by layer, gateways first. */
export function drawLayers(count: number, random: Random): string[][] {
  const front = shuffled(gateways, random).slice(0, count > 14 && random.chance(0.5) ? 2 : 1);
  const names = shuffled(namesFor(count), random).slice(0, count - front.length);
  const depth = random.int(2, count > 20 ? 5 : 3);
  const layers = Array.from({ length: depth }, (): string[] => []);
  for (const [i, name] of names.entries()) layers[i < depth ? i : random.int(0, depth - 1)]?.push(name);
  return [front, ...layers];
}

/** A large system splits some services in two. The names of others must not change, because seeds depend on them. */
function namesFor(count: number): readonly string[] {
  return count <= nouns.length ? nouns : nouns.flatMap((noun) => [noun, `${noun}-writer`]);
}
