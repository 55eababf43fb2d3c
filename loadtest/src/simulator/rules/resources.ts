/** Alert rules on pods and nodes. */
import { senderAt } from '../fault/change.ts';
import type { Rule, RuleOptions } from './rule.ts';

export function resourceRules({ system, flow, changes, random }: RuleOptions): Rule[] {
  return system.services
    .filter(({ sends }) => sends.metrics)
    .flatMap((service) =>
      service.instances.flatMap((instance) => {
        const state = (atMs: number) => flow.at(atMs).instances.get(instance);
        const sender = senderAt(service, instance, { changes, atMs: Number.POSITIVE_INFINITY });
        const labels = {
          pod: sender.instance,
          namespace: 'shop',
          ...(random.chance(0.5) ? { service: service.name } : {}),
        };
        const rule = (
          name: string,
          holdMs: number,
          isViolated: Rule['isViolated'],
          severity: Rule['severity'] = 'warning',
        ): Rule[] =>
          severity === 'critical' || random.chance(0.6)
            ? [{ name, severity, labels, holdMs, summary: `${name} on ${sender.instance}`, isViolated }]
            : [];
        return [
          ...rule('PodCpuHigh', 120_000, (atMs) => (state(atMs)?.utilisation ?? 0) > 0.92),
          ...rule('PodMemoryHigh', 60_000, (atMs) => (state(atMs)?.memoryShare ?? 0) > 0.92),
          ...rule('PodRestarted', 0, (atMs) => (state(atMs)?.restarts ?? 0) > 0),
          ...rule('PodDown', 60_000, (atMs) => state(atMs)?.isUp === false, 'critical'),
          ...(service.role === 'worker'
            ? rule('ConsumerLag', 60_000, (atMs) => (state(atMs)?.queue.waitMs ?? 0) > 20_000, 'critical')
            : []),
        ];
      }),
    );
}

export function nodeRules({ system, flow, random }: RuleOptions): Rule[] {
  return system.nodes.flatMap(({ name }) => {
    const isDead = (atMs: number): boolean => {
      const hosted = [...flow.at(atMs).instances].filter(([instance]) => instance.node.name === name);
      return hosted.length > 0 && hosted.every(([, { isUp }]) => !isUp);
    };
    const labels = { node: name };
    return random.chance(0.7)
      ? [
          {
            name: 'NodeNotReady',
            severity: 'critical',
            labels,
            holdMs: 45_000,
            summary: `${name} is not ready`,
            isViolated: isDead,
          },
        ]
      : [];
  });
}
