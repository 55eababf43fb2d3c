/** An alert on a service. It counts little by itself: symptoms alert more readily than causes. */
import type { Comparison } from '../compare/comparison.ts';
import type { Detection, Finding } from '../finding/finding.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToAlerts } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { mechanismOfAlert } from '../vocabulary/alert-mechanism.ts';

interface Facts {
  readonly alerts: number;
  readonly firstName: string;
  readonly calleesAlert: boolean;
}
type Found = Detection<'alert' | 'causeAlert', Facts>;

export const alerts = evidenceKind({
  name: 'alerts',
  signal: 'alerts',
  weights: {
    causeAlert: logOdds(1.5, 'an alert that names a cause and no symptom: restarted, down, full, expired'),
    alert: logOdds(0.3, 'an alert on the service: symptoms alert more than causes do'),
  },
  traits: { report: true },
  detect(inputs: Pick<Comparison, 'input' | 'callees' | 'alerting'>): Found[] {
    const byService = Map.groupBy(
      inputs.input.alerts,
      ({ entities }) => entities.database ?? entities.service ?? entities.workload ?? '',
    );
    return [...byService].flatMap(([service, all]): Found[] => {
      if (service === '') return [];
      const calleesAlert = (inputs.callees.get(service) ?? []).some((callee) => inputs.alerting.has(callee));
      const mechanism = all.map(({ name }) => mechanismOfAlert(name)).find((one) => one !== null) ?? null;
      return [
        {
          weightName: mechanism === null ? 'alert' : 'causeAlert',
          service,
          instance: all.find(({ entities }) => entities.pod)?.entities.pod ?? '',
          faultType: mechanism,
          strength: calleesAlert && mechanism === null ? 0 : 1,
          facts: { alerts: all.length, firstName: all[0]?.name ?? '', calleesAlert },
        },
      ];
    });
  },
  describe: ({ service, facts: { alerts: count, firstName, calleesAlert } }) => ({
    summary: `${count === 1 ? 'an alert' : `${count} alerts`} on ${service}: ${firstName}${calleesAlert ? '; a service that it calls alerts as well' : ''}`,
    before: '',
    during: 'firing',
  }),
  reference: ({ service }) => referenceToAlerts(service),
  refute: ownTelemetry,
});

/** An alert is only a report, so the service's own telemetry is asked. */
function ownTelemetry(
  { traced, edges, shifts, degraded }: Pick<RefutationInputs, 'traced' | 'edges' | 'shifts' | 'degraded'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = 'Is it a false alarm?';
  const isKnown =
    traced.has(service) ||
    edges.some(({ callee }) => callee === service) ||
    shifts.some(({ shift }) => shift.row.service === service);
  if (!isKnown) return notRun(test, `no telemetry of ${service}`);
  return degraded.has(service)
    ? survived(test, `${service} is slower or fails`)
    : refuted(test, `${service} answers as before`);
}
