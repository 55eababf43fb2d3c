/** Draws one service: its placement, telemetry and headroom. */
import type { Random } from '../../random/random.ts';
import { teams } from './names.ts';
import type { Instance, Node, Operation, Service, ServiceRole } from './system.ts';

export interface Drawing {
  readonly random: Random;
  readonly nodes: readonly Node[];
  readonly clusters: readonly string[];
}

export function drawService(
  name: string,
  role: ServiceRole,
  operations: readonly Operation[],
  drawing: Drawing,
  engine = '',
): Service {
  const { random } = drawing;
  const inside = role === 'gateway' || role === 'service' || role === 'worker';
  return {
    name,
    role,
    engine,
    operations,
    team: random.pick(teams),
    version: `${random.int(1, 4)}.${random.int(0, 30)}.${random.int(0, 9)}`,
    instances: drawInstances(name, role, drawing),
    sends: {
      spans: inside,
      logs: inside && random.chance(0.9),
      metrics: inside || (role !== 'external' && random.chance(0.5)),
    },
    usualLoad: 0.12 + 0.35 * random.next(),
    slots: inside ? random.pick([8, 16, 32]) : role === 'external' ? 10_000 : random.pick([20, 50]),
    pool: random.pick([5, 10, 20]),
    memoryLimitBytes: random.pick([256, 512, 1024]) * 2 ** 20,
  };
}

function drawInstances(name: string, role: ServiceRole, { random, nodes, clusters }: Drawing): Instance[] {
  if (role === 'external') return [{ name, node: { name: '', zone: '', cores: 1e6, otherCores: 0 }, cluster: '' }];
  const isStateful = role === 'database' || role === 'cache';
  const count = isStateful ? 1 : random.pick([2, 2, 3, 3, 4]);
  const hash = letters(9, random);
  const first = random.int(0, nodes.length - 1);
  return Array.from({ length: count }, (_, i) => ({
    name: isStateful ? `${name}-${i}` : `${name}-${hash}-${letters(5, random)}`,
    // Schedulers spread the instances of a service over nodes.
    node: nodes[(first + i * 2 + random.int(0, 1)) % nodes.length] as Node,
    cluster: clusters[i % clusters.length] ?? 'main',
  }));
}

/** Like the suffixes of Kubernetes pods. */
function letters(count: number, random: Random): string {
  return Array.from({ length: count }, () => random.pick([...'bcdfghjklmnpqrstvwxz2456789'])).join('');
}
