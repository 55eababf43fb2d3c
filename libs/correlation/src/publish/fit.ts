/**
 * Makes a revision fit into one record of the log. What helps a reader least goes first, and the revision says what is left out. Size is
 * that of the revision as JSON, in bytes: its Avro form is smaller, as it has no field names.
 */
import type { Hypothesis, Incident, IncidentAlert, IncidentMember, MissingEvidence, Triage } from '@faultline/model';
import { firstWithWorst } from './shown.ts';
import { missingText } from './words/missing.ts';

interface Step {
  /** As the page names it. */
  readonly what: string;
  readonly shorten: (incident: Incident) => Partial<Incident>;
}

const maxLabelChars = 2_000;
const maxTextChars = 300;
const maxNameChars = 120;

/** In this order. After the last one an incident has a few kilobytes, whatever it had before. */
const steps: readonly Step[] = [
  {
    what: 'labels',
    shorten: ({ alerts }) => ({ alerts: alerts.map((alert) => withShortLabels(alert, maxLabelChars)) }),
  },
  {
    what: 'timeline',
    shorten: ({ timeline }) => ({
      timeline: timeline.slice(-20).map((entry) => ({ ...entry, text: cut(entry.text, maxTextChars) })),
    }),
  },
  { what: 'queries', shorten: ({ hypotheses }) => ({ hypotheses: hypotheses.map((one) => withEvidence(one, 100)) }) },
  { what: 'evidence', shorten: ({ hypotheses }) => ({ hypotheses: hypotheses.map((one) => withEvidence(one, 3)) }) },
  { what: 'graph', shorten: () => ({ graph: { nodes: [], edges: [] } }) },
  {
    what: 'changes',
    shorten: ({ changes }) => ({
      changes: changes
        .filter(({ verdict }) => verdict === 'suspect')
        .slice(0, 3)
        .map((change) => ({ ...change, summary: cut(change.summary, maxTextChars), url: '' })),
    }),
  },
  { what: 'alerts', shorten: ({ alerts }) => ({ alerts: firstWithWorst(alerts, 20).map(nameOnly) }) },
  { what: 'everything but names', shorten: namesOnly },
];

/** Room for the text that says what is left out. */
const factBytes = 600;

/** The incident within `maxBytes`; unchanged where it fits. 0: any size. The fact `too-large` names what was left out. */
export function fitIncident(incident: Incident, maxBytes: number): Incident {
  if (maxBytes === 0 || isWithin(incident, maxBytes)) return incident;
  let fitted = incident;
  const left: string[] = [];
  for (const { what, shorten } of steps) {
    if (isWithin(fitted, maxBytes - factBytes)) break;
    fitted = { ...fitted, ...shorten(fitted) };
    left.push(what);
  }
  const fact: MissingEvidence = { part: 'page', code: 'too-large', detail: left.join(', ') };
  return {
    ...fitted,
    missing: [...fitted.missing, fact],
    missingEvidence: [...fitted.missingEvidence, missingText(fact)],
  };
}

/** The member within `maxBytes`; unchanged where it fits. 0: any size. Long labels are cut, then all texts but its key. */
export function fitMember(member: IncidentMember, maxBytes: number): IncidentMember {
  if (maxBytes === 0 || Buffer.byteLength(JSON.stringify(member)) <= maxBytes) return member;
  const alert = withShortLabels(member.alert, maxBytes / 2 / maxJsonBytes);
  const shortened = { ...member, alert };
  if (Buffer.byteLength(JSON.stringify(shortened)) <= maxBytes) return shortened;
  const entities = Object.fromEntries(
    Object.entries(member.entities).map(([kind, name]) => [kind, cut(name, maxNameChars)]),
  );
  return { ...member, entities, alert: { ...nameOnly(alert), fingerprint: alert.fingerprint } };
}

/** Of one UTF-16 unit, as a control character is escaped. */
const maxJsonBytes = 6;

/** A hundred alerts may have a megabyte of labels each, so these are counted before anything is written as JSON. */
function isWithin(incident: Incident, maxBytes: number): boolean {
  const chars = incident.alerts.reduce((sum, alert) => sum + labelChars(alert), 0);
  return chars <= maxBytes && Buffer.byteLength(JSON.stringify(incident)) <= maxBytes;
}

function labelChars({ labels }: Pick<IncidentAlert, 'labels'>): number {
  let chars = 0;
  for (const name in labels) chars += name.length + (labels[name]?.length ?? 0);
  return chars;
}

/** Labels up to this many characters, in their order. The one that does not fit is cut, and those after it go. */
function withShortLabels(alert: IncidentAlert, maxChars: number): IncidentAlert {
  if (labelChars(alert) <= maxChars) return alert;
  const labels: Record<string, string> = {};
  let room = Math.floor(maxChars);
  for (const [name, value] of Object.entries(alert.labels)) {
    if (name.length >= room) continue;
    labels[name] = cut(value, room - name.length);
    room -= name.length + labels[name].length;
  }
  return { ...alert, labels };
}

/** Without the rows that show each piece. A summary may be as long as a log line. */
function withEvidence(hypothesis: Hypothesis, most: number): Hypothesis {
  const evidence = hypothesis.evidence
    .slice(0, most)
    .map((one) => ({ ...one, summary: cut(one.summary, maxTextChars), source: null }));
  return { ...hypothesis, evidence };
}

function nameOnly(alert: IncidentAlert): IncidentAlert {
  return {
    ...alert,
    fingerprint: cut(alert.fingerprint, maxNameChars),
    name: cut(alert.name, maxNameChars),
    labels: {},
    entity: cut(alert.entity, maxNameChars),
    reason: cut(alert.reason, maxNameChars),
    source: cut(alert.source, maxNameChars),
    url: '',
    environment: cut(alert.environment, maxNameChars),
  };
}

/** The tenant stays whole: it decides who may see the incident. */
function namesOnly(incident: Incident): Partial<Incident> {
  const { title, scope, resolution, alerts, hypotheses, owners, runbooks, commands, triage, stages } = incident;
  return {
    title: cut(title, maxTextChars),
    scope: { ...scope, environment: cut(scope.environment, maxNameChars) },
    resolution: resolution === null ? null : cut(resolution, maxTextChars),
    alerts: firstWithWorst(alerts, 5).map(nameOnly),
    hypotheses: hypotheses.slice(0, 1).map(causeOnly),
    changes: [],
    similar: [],
    remediations: (incident.remediations ?? []).slice(-2).map((one) => ({
      ...one,
      target: cut(one.target, maxNameChars),
      actor: cut(one.actor, maxNameChars),
    })),
    owners: owners.slice(0, 1).map(({ team, contact, why }) => ({
      team: cut(team, maxNameChars),
      contact: cut(contact, maxNameChars),
      why: cut(why, maxNameChars),
    })),
    runbooks: runbooks.slice(0, 0),
    rejectedCauses: [],
    timeline: [],
    missing: [],
    missingEvidence: [],
    environments: [],
    environmentReading: null,
    triage: triage === null ? null : withShortReasons(triage),
    ...(stages && { stages: { ...stages, action: cut(stages.action, maxTextChars) } }),
    concurrent: { count: incident.concurrent.count, incidentIds: [] },
    // A caller waits for the answer to its command.
    commands: commands.slice(-2).map((one) => ({ ...one, reason: cut(one.reason, maxTextChars) })),
  };
}

function withShortReasons(triage: Triage): Triage {
  const reasons = triage.reasons.slice(0, 5).map(({ code, detail }) => ({ code, detail: cut(detail, maxNameChars) }));
  return { ...triage, reasons, text: cut(triage.text, maxTextChars) };
}

function causeOnly({ rank, probability, sinceMs, cause, refutation }: Hypothesis): Hypothesis {
  const named = { ...cause, service: cut(cause.service, maxNameChars), instance: cut(cause.instance, maxNameChars) };
  const test = cut(refutation.test, maxNameChars);
  const result = cut(refutation.result, maxNameChars);
  return {
    rank,
    probability,
    sinceMs,
    cause: named,
    changeId: null,
    path: [],
    evidence: [],
    refutation: { test, result },
  };
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, Math.max(0, maxChars - 1))}…`;
}
