/** Alert rules on pods and nodes. */
import { senderAt } from '../fault/change.ts';
import type { Rule, RuleKind, RuleOptions } from './rule.ts';

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
        const subject = { service: service.name, pod: sender.instance, node: '' };
        const rule = (
          kind: RuleKind,
          name: string,
          holdMs: number,
          isViolated: Rule['isViolated'],
          severity: Rule['severity'] = 'warning',
        ): Rule[] =>
          severity === 'critical' || random.chance(0.6)
            ? [{ kind, subject, name, severity, labels, holdMs, summary: `${name} on ${sender.instance}`, isViolated }]
            : [];
        return [
          ...rule('cpu', 'PodCpuHigh', 120_000, (atMs) => (state(atMs)?.utilisation ?? 0) > 0.92),
          ...rule('memory', 'PodMemoryHigh', 60_000, (atMs) => (state(atMs)?.memoryShare ?? 0) > 0.92),
          ...rule('restart', 'PodRestarted', 0, (atMs) => (state(atMs)?.restarts ?? 0) > 0),
          ...rule('pod-down', 'PodDown', 60_000, (atMs) => state(atMs)?.isUp === false, 'critical'),
          ...(service.role === 'worker'
            ? rule('lag', 'ConsumerLag', 60_000, (atMs) => (state(atMs)?.queue.waitMs ?? 0) > 20_000, 'critical')
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
            kind: 'node-down',
            subject: { service: '', pod: '', node: name },
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
