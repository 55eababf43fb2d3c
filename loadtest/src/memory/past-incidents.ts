/** Past incidents of a company with 400 services, and queries for incidents that are like one of them. */
import { causeKinds, type EvidenceQuery, type Incident, incidentTraits } from '@faultline/model';
import { anIncident } from '@faultline/model/testing';
import { type Batch, incidentRow } from '@faultline/store';
import { createRandom } from '../random/random.ts';

const services = 400;
const alertNames = 300;
const logTemplates = 2000;
const hourMs = 3_600_000;
const firstMs = Date.UTC(2026, 0, 1);

/** Rows of the incidents with these numbers, each with all of its revisions. */
export function pastIncidentBatch({ from, to, revisions }: { from: number; to: number; revisions: number }): Batch {
  const incidents = Array.from({ length: to - from }, (_, index) => pastIncident(from + index));
  const rows = incidents.flatMap((incident) =>
    Array.from({ length: revisions }, (_, index) => incidentRow(atRevision(incident, index + 1, revisions))),
  );
  return { table: 'incidents', rows, token: `memory/${from}` };
}

function atRevision(incident: Incident, revision: number, last: number): Incident {
  return revision === last
    ? { ...incident, revision }
    : { ...incident, revision, status: 'open', resolvedAtMs: null, resolution: null };
}

/** A query by what is known of incident `index`, and its id. */
export function queryFor(index: number): { readonly query: EvidenceQuery; readonly incidentId: string } {
  const incident = pastIncident(index);
  const range = { fromMs: 0, toMs: hourMs };
  return {
    incidentId: incident.id,
    query: {
      id: `q${index}`,
      incidentId: 'now',
      scope: { tenant: 'default', environment: 'production' },
      askedAtMs: hourMs,
      deadlineMs: Date.now() + hourMs,
      slices: [range],
      series: { ...range, stepMs: 10_000 },
      seriesHistory: range,
      traits: incidentTraits({ ...incident, alertNames: incident.alerts.map(({ name }) => name) }),
    },
  };
}

function pastIncident(index: number): Incident {
  const random = createRandom(index);
  const one = (count: number) => random.int(0, count - 1);
  const shared = anIncident();
  const [hypothesis] = shared.hypotheses;
  const [alert] = shared.alerts;
  if (hypothesis === undefined || alert === undefined) throw new Error('the shared incident has no cause');
  const [, errorLines] = hypothesis.evidence;
  const [edges] = hypothesis.evidence;
  const log =
    errorLines === undefined || !edges?.source
      ? []
      : [{ ...errorLines, source: { ...edges.source, view: 'lines' as const, text: `line ${one(logTemplates)}` } }];
  const path = Array.from({ length: 2 + one(4) }, () => `service-${one(services)}`);
  return {
    ...shared,
    id: `past-${index}`,
    status: 'resolved',
    startedAtMs: firstMs + index * 60_000,
    resolvedAtMs: firstMs + index * 60_000 + hourMs,
    resolution: 'rolled back',
    alerts: Array.from({ length: 1 + one(8) }, () => ({ ...alert, name: `Alert${one(alertNames)}` })),
    hypotheses: [
      {
        ...hypothesis,
        cause: { service: path[0] ?? '', instance: '', kind: causeKinds[one(causeKinds.length)] ?? 'cpu' },
        path,
        evidence: [...hypothesis.evidence, ...log],
      },
    ],
  };
}
