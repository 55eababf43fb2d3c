/** An alert on a service. It counts little by itself: symptoms alert more readily than causes. */
import type { Comparison } from '../compare/comparison.ts';
import { isIn, unhealthyFrom } from '../compare/failure-domains.ts';
import type { Detection, Finding } from '../finding/finding.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToAlerts } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import type { RankedAlert } from '../input/ranking.ts';
import { mechanismOfAlerts } from '../vocabulary/alert-mechanism.ts';

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
    const bySubject = Map.groupBy(inputs.input.alerts, (alert) => subjectOf(alert).name);
    return [...bySubject].flatMap(([name, all]): Found[] => {
      const [first] = all;
      if (name === '' || first === undefined) return [];
      const calleesAlert = (inputs.callees.get(name) ?? []).some((callee) => inputs.alerting.has(callee));
      const { domain } = subjectOf(first);
      const told = mechanismOfAlerts(all);
      // Whatever an alert about a node or a zone says, that is what fails.
      const mechanism = told === null ? null : (domain ?? told);
      return [
        {
          weightName: mechanism === null ? 'alert' : 'causeAlert',
          service: name,
          instance: all.find(({ entities }) => entities.pod)?.entities.pod ?? '',
          faultType: mechanism,
          ...(domain === null ? {} : { entity: `${domain}:${name}` }),
          strength: calleesAlert && mechanism === null ? 0 : 1,
          facts: { alerts: all.length, firstName: first.name, calleesAlert },
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

interface AlertSubject {
  readonly name: string;
  /** Null for a service. */
  readonly domain: 'node' | 'zone' | null;
}

/** A service, or else the node or the zone that the alert is about: their services have spans, and their alerts name only the machine. */
function subjectOf({ entities }: Pick<RankedAlert, 'entities'>): AlertSubject {
  const service = entities.database ?? entities.service ?? entities.workload;
  if (service !== undefined) return { name: service, domain: null };
  if (entities.node !== undefined) return { name: entities.node, domain: 'node' };
  return { name: entities.zone ?? '', domain: 'zone' };
}

/** An alert is only a report, so the service's own telemetry is asked. */
function ownTelemetry(
  inputs: Pick<RefutationInputs, 'traced' | 'edges' | 'shifts' | 'degraded' | 'instances'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const { traced, edges, shifts, degraded, instances } = inputs;
  const test = 'Is it a false alarm?';
  const placed = instances.filter((one) => isIn(one, service));
  if (placed.length > 0) {
    const unhealthy = placed.filter(({ impact }) => impact >= unhealthyFrom).length;
    const how = `${unhealthy} of ${placed.length} instances on it are unhealthy`;
    return unhealthy > 0 ? survived(test, how) : refuted(test, how);
  }
  const isKnown =
    traced.has(service) ||
    edges.some(({ callee }) => callee === service) ||
    shifts.some(({ shift }) => shift.row.service === service);
  if (!isKnown) return notRun(test, `no telemetry of ${service}`);
  return degraded.has(service)
    ? survived(test, `${service} is slower or fails`)
    : refuted(test, `${service} answers as before`);
}
