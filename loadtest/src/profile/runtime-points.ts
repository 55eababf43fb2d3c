/** The points that the runtime of each instance sends beside those of its service: memory pools of a JVM. */
import type { System } from '../simulator/system/system.ts';
import type { SentPoint } from '../simulator/telemetry/telemetry.ts';

const pools = ['G1 Eden Space', 'G1 Old Gen', 'G1 Survivor Space', 'Metaspace', 'CodeCache', 'Compressed Class Space'];
const metrics = ['jvm.memory.used', 'jvm.memory.committed', 'jvm.memory.used_after_last_gc'];

/** One point of each series every `stepMs`. */
export function runtimePoints({ services }: System, { toMs, stepMs }: { toMs: number; stepMs: number }): SentPoint[] {
  const senders = services
    .filter(({ role, sends }) => sends.metrics && (role === 'service' || role === 'gateway' || role === 'worker'))
    .flatMap(({ name: service, version, instances }) =>
      instances.map(({ name: instance, node, cluster }) => ({
        ...{ service, instance, cluster, version },
        ...{ node: node.name, zone: node.zone },
      })),
    );
  const steps = Array.from({ length: Math.floor(toMs / stepMs) }, (_, step) => step);
  return steps.flatMap((step) =>
    senders.flatMap((sender, senderIndex) =>
      metrics.flatMap((metric) =>
        pools.map((pool, index) => ({
          ...{ sender, metric, unit: 'By', kind: 'gauge' as const, atMs: step * stepMs },
          value: 1e7 * (index + 1) + 1e5 * ((step * 31 + senderIndex * 17) % 97),
          attributes: { 'jvm.memory.pool.name': pool, 'jvm.memory.type': index < 3 ? 'heap' : 'non_heap' },
        })),
      ),
    ),
  );
}
