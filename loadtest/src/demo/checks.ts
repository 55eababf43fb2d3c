/** What the demo promises, and whether its incident kept it. Pure. */
import type { Change } from '../simulator/fault/change.ts';
import type { Scenario } from '../simulator/scenario.ts';

/** The part of the API's incident that is checked. */
export interface IncidentJson {
  readonly id: string;
  readonly verdict: string;
  readonly alerts: readonly unknown[];
  readonly hypotheses: readonly {
    readonly probability: number;
    readonly cause: { readonly service: string; readonly kind: string };
    readonly change: { readonly summary: string } | null;
  }[];
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** False for a limit of time: a slow machine may miss it without a fault of Faultline. */
  readonly isRequired: boolean;
}

export interface Observed {
  readonly incidents: readonly IncidentJson[];
  /** From the first alert to the first incident that names a cause. Null when none did. */
  readonly firstHypothesisMs: number | null;
  readonly alertsSent: number;
}

const firstHypothesisLimitMs = 3_000;

/** In order: the number of incidents, their alerts, the time, the cause and its change. */
export function checkDemo(scenario: Scenario, observed: Observed): Check[] {
  const { incidents, alertsSent, firstHypothesisMs } = observed;
  const [incident] = incidents;
  const checks = [
    required('incidents', incidents.length === 1, `${incidents.length} (expected 1)`),
    required(
      'alerts in the incident',
      incident?.alerts.length === alertsSent,
      `${incident?.alerts.length ?? 0} of ${alertsSent}`,
    ),
    checkTime(firstHypothesisMs),
  ];
  if (incident === undefined) return checks;
  return [...checks, ...(scenario.faults.length === 0 ? [checkNoFault(incident)] : checkCause(scenario, incident))];
}

function checkTime(firstHypothesisMs: number | null): Check {
  const seconds = firstHypothesisMs === null ? 'none' : `${(firstHypothesisMs / 1000).toFixed(1)} s`;
  return {
    name: 'first hypothesis',
    ok: firstHypothesisMs !== null && firstHypothesisMs <= firstHypothesisLimitMs,
    detail: `${seconds} (limit ${firstHypothesisLimitMs / 1000} s)`,
    isRequired: false,
  };
}

function checkNoFault({ verdict }: IncidentJson): Check {
  return required('verdict', verdict === 'inconclusive', `${verdict} (expected inconclusive: nothing is wrong)`);
}

function checkCause({ faults, family }: Scenario, { hypotheses }: IncidentJson): Check[] {
  const [first] = hypotheses;
  const services = faults.flatMap((fault) => fault.services);
  const named = first === undefined ? 'none' : `${first.cause.service}, ${first.cause.kind}`;
  const isRight = first !== undefined && services.includes(first.cause.service);
  return [
    required('cause', isRight, `${named} (expected ${services.join(' or ')}, ${family})`),
    checkChange(faults[0]?.changes[0] ?? null, first?.change?.summary ?? null),
  ];
}

/** The page may word the change as it likes, but it must name the service and its new version. */
function checkChange(guilty: Change | null, blamed: string | null): Check {
  const words = blamed ?? '';
  const isRight = guilty === null ? blamed === null : words.includes(guilty.service) && words.includes(guilty.version);
  return required('blamed change', isRight, `${blamed ?? 'none'} (expected ${guilty?.summary ?? 'none'})`);
}

function required(name: string, ok: boolean, detail: string): Check {
  return { name, ok, detail, isRequired: true };
}
