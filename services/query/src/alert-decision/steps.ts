/** What happened to an alert, one step after the other. Pure. */
import type { Delivery, Entities, Incident, Labels } from '@faultline/model';
import type { AlertMembership, AlertTransition } from '@faultline/store';
import type { AlertFacts, Refusal } from './facts.ts';

export const stepKinds = ['received', 'refused', 'suppressed', 'joined', 'left', 'triage', 'delivery'] as const;
export type StepKind = (typeof stepKinds)[number];

export interface Step {
  /** Null: not recorded. It then stands behind the step that led to it. */
  readonly atMs: number | null;
  readonly kind: StepKind;
  readonly text: string;
  /** Empty: no incident. */
  readonly incidentId: string;
}

/** The steps of an alert, oldest first: refusals and receipts by time, then what each of its incidents did. */
export function stepsOf(facts: AlertFacts): readonly Step[] {
  const heard = [...facts.refusals.map(refusalStep), ...facts.transitions.map(receiptStep)];
  return [
    ...heard.toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0)),
    ...(facts.suppression === null ? [] : [suppressionStep(facts.suppression)]),
    ...facts.memberships.toReversed().flatMap((membership) => incidentSteps(membership, facts)),
  ];
}

function refusalStep({ id, source, code, reason, receivedAtMs }: Refusal): Step {
  const text = `a body from ${source || 'an unknown source'} was refused: ${reason} [${code}] (dead letter ${id})`;
  return { atMs: receivedAtMs, kind: 'refused', text, incidentId: '' };
}

function receiptStep({ status, severity, source, name, entities, labels, receivedAtMs }: AlertTransition): Step {
  const subject = subjectText(entities, labels);
  const text = `${source} sent ${name}: ${status}, severity ${severity}; ${subject}`;
  return { atMs: receivedAtMs, kind: 'received', text, incidentId: '' };
}

/** `read as service cart (label job), pod cart-1 (label pod)` */
export function subjectText(entities: Entities, labels: Labels): string {
  const named = Object.entries(entities).flatMap(([kind, name]) => (name ? [entityText(kind, name, labels)] : []));
  return named.length === 0 ? 'no label names what it is about' : `read as ${named.join(', ')}`;
}

function entityText(kind: string, name: string, labels: Labels): string {
  const label = Object.keys(labels).find((one) => labels[one] === name);
  return label === undefined ? `${kind} ${name}` : `${kind} ${name} (label ${label})`;
}

function suppressionStep({ rule, isHeartbeat }: NonNullable<AlertFacts['suppression']>): Step {
  const text = isHeartbeat
    ? `the built-in rule ${rule}: it fires for ever by design, so it never pages`
    : `the rule "${rule}" of correlator.suppress keeps it from paging`;
  return { atMs: null, kind: 'suppressed', text, incidentId: '' };
}

function incidentSteps(
  { incidentId, membership, reason }: AlertMembership,
  { incidents, deliveries }: AlertFacts,
): readonly Step[] {
  const incident = incidents.get(incidentId);
  const own = deliveries.filter((delivery) => delivery.incidentId === incidentId);
  return [
    { atMs: null, kind: 'joined', text: `member of incident ${incidentId}: ${reason}`, incidentId },
    ...(incident === undefined ? [] : triageSteps(incident)),
    ...own.toSorted((a, b) => a.atMs - b.atMs).map(deliveryStep),
    ...(membership === 'left' ? [leftStep(incidentId)] : []),
  ];
}

function triageSteps({ id, triage }: Incident): readonly Step[] {
  return triage === null ? [] : [{ atMs: triage.atMs, kind: 'triage', text: triage.text, incidentId: id }];
}

function leftStep(incidentId: string): Step {
  return { atMs: null, kind: 'left', text: `it left incident ${incidentId}`, incidentId };
}

function deliveryStep(delivery: Delivery): Step {
  const { atMs, incidentId } = delivery;
  return { atMs, kind: 'delivery', text: deliveryText(delivery), incidentId };
}

function deliveryText({ state, target, revision, attempts, error }: Delivery): string {
  switch (state) {
    case 'sent':
      return `${target} has revision ${revision} of the page`;
    case 'failed':
      return `${target} refused revision ${revision} after ${attempts} tries: ${error}`;
    case 'intended':
      return attempts === 0
        ? `revision ${revision} waits for ${target}`
        : `${target} has not taken revision ${revision} after ${attempts} tries: ${error}`;
  }
}
