/** An alert speaks of a service. Little by itself: symptoms alert more readily than causes. */
import type { Context } from '../context.ts';
import type { Finding } from '../finding.ts';

export function alerts(context: Context): Finding[] {
  const byService = Map.groupBy(
    context.input.alerts,
    ({ entities }) => entities.database ?? entities.service ?? entities.workload ?? '',
  );
  return [...byService].flatMap(([service, all]) => {
    if (service === '') return [];
    const calleeAlerts = (context.callees.get(service) ?? []).some((callee) => context.alerting.has(callee));
    return [
      {
        kind: 'alerts',
        reason: 'alert',
        service,
        instance: all.find(({ entities }) => entities.pod)?.entities.pod ?? '',
        causeKind: 'latency',
        entity: `service:${service}`,
        strength: calleeAlerts ? 0 : 1,
        explainable: 0,
        summary: `${all.length === 1 ? 'an alert' : `${all.length} alerts`} on ${service}: ${all[0]?.name ?? ''}${calleeAlerts ? '; what it calls alerts as well' : ''}`,
        before: '',
        during: 'firing',
      },
    ];
  });
}
