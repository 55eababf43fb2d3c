/** Draws a system from a seed: its size, layers, call graph, placement and telemetry. */
import type { Random } from '../../random/random.ts';
import { drawOperation } from './operation.ts';
import { drawPeers, drawWorker } from './peers.ts';
import { drawLayers, drawPlans, type Plan } from './plan.ts';
import { type Drawing, drawService } from './service.ts';
import { callsPerRequest, type Node, type Service, type ServiceRole, type System } from './system.ts';

/**
 * Between 8 and 60 services with their dependencies; most systems have about 20. `services` sets the number without
 * dependencies.
 */
export function drawSystem(random: Random, services: number | null = null): System {
  const drawing: Drawing = { random, ...drawPlaces(random) };
  const count = services ?? Math.min(34, Math.max(6, Math.round(random.logNormal(13, 0.5))));
  const plans = drawPlans(drawLayers(count, random), random);
  const built = new Map<string, Service>();
  const drawn = plans.toReversed().flatMap((plan) => {
    const level = drawWithPeers(plan, built, drawing);
    for (const service of level) built.set(service.name, service);
    return level;
  });
  return finish(drawn, drawing);
}

function drawPlaces(random: Random): { nodes: Node[]; clusters: string[] } {
  const zones = ['zone-a', 'zone-b', 'zone-c'].slice(0, random.int(2, 3));
  const nodes = Array.from({ length: random.int(4, 9) }, (_, i) => ({
    name: `node-${i + 1}`,
    zone: zones[i % zones.length] ?? 'zone-a',
    cores: 16,
    otherCores: 1 + 2 * random.next(),
  }));
  return { nodes, clusters: random.chance(0.2) ? ['east', 'west'] : ['main'] };
}

function drawWithPeers(
  { name, depth, operations }: Plan,
  built: ReadonlyMap<string, Service>,
  drawing: Drawing,
): Service[] {
  const { random } = drawing;
  const role: ServiceRole = depth === 0 ? 'gateway' : 'service';
  const peers = role === 'gateway' ? [] : drawPeers(name, drawing);
  const worker = role === 'service' && random.chance(0.12) ? drawWorker(name, drawing) : null;
  const drawn = operations.map((targets, i) => {
    const below = targets.flatMap((target) => built.get(target) ?? []);
    return drawOperation({ name, role, index: i }, { peers, worker: i === 0 ? worker : null, below }, random);
  });
  return [...peers, ...(worker === null ? [] : [worker]), drawService(name, role, drawn, drawing)];
}

/** Removes operations and services that no request reaches. */
function finish(drawn: readonly Service[], { random, nodes }: Drawing): System {
  const doors = drawn.filter(({ role }) => role === 'gateway').flatMap(({ operations }) => operations);
  const weights = doors.map(() => 0.5 + random.next());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const entries = doors.map((operation, i) => ({ operation, weight: (weights[i] ?? 0) / total }));
  const reached = callsPerRequest({ entries });
  const services = drawn
    .map((service) => ({ ...service, operations: service.operations.filter((operation) => reached.has(operation)) }))
    .filter(({ operations }) => operations.length > 0)
    .toReversed();
  return { nodes, services, byName: new Map(services.map((service) => [service.name, service])), entries };
}
