/** The outcome of an alert as one sentence. */
import type { Incident } from '@faultline/model';
import type { AlertMembership } from '@faultline/store';
import { rfc3339 } from '../api/json-value.ts';
import type { Outcome } from './decide.ts';
import { type AlertFacts, wasDelivered } from './facts.ts';

interface Circumstances {
  readonly facts: AlertFacts;
  readonly membership: AlertMembership | null;
  readonly incident: Incident | null;
}

export function outcomeText(outcome: Outcome, { facts, membership, incident }: Circumstances): string {
  const id = membership?.incidentId ?? '';
  const why = incident?.triage?.text ?? 'its level is not known';
  const member = `a member of incident ${id} (${membership?.reason ?? ''})`;
  switch (outcome) {
    case 'paged':
      return `Paged, as ${member}. ${sentText(facts, id)}`;
    case 'ticket':
      return `Not paged: ${member}, which is a ticket (${why}). ${sentText(facts, id)}`;
    case 'log-entry':
      return `Not paged: ${member}, which notifies nobody (${why}).`;
    case 'held':
      return `Not paged: ${member}, which a rule holds back (${why}).`;
    case 'delivery-pending':
      return `Not paged yet: ${member}, and no channel has confirmed it.`;
    case 'delivery-failed':
      return `Not paged: ${member}, and every channel refused it.`;
    case 'not-delivered':
      return notDeliveredText(member, why, incident);
    case 'left-incident':
      return `It was ${member} and is a member of none now.`;
    case 'heartbeat':
      return `Not paged: it is a heartbeat (rule ${facts.suppression?.rule ?? ''}), which means that alerting works.`;
    case 'suppressed':
      return `Not paged: the rule "${facts.suppression?.rule ?? ''}" of correlator.suppress keeps it from paging.`;
    case 'only-resolved':
      return 'Not paged: it was heard only when it had ended, never firing.';
    case 'being-processed':
      return 'Not paged yet: it was received a moment ago. Ask again in a minute.';
    case 'no-incident':
      return 'Not paged: it was received, and it is in no incident. See the suppressed, duplicate and pending counts of its source in the ledger.';
    case 'refused':
      return `Not paged: a body that holds it was refused (${facts.refusals[0]?.code ?? ''}), so it was never received.`;
    case 'not-heard':
      return 'Never heard of: no source sent an alert with this fingerprint, and no refused body holds it.';
  }
}

function sentText({ deliveries }: AlertFacts, incidentId: string): string {
  const sent = deliveries.filter((one) => one.incidentId === incidentId && wasDelivered(one));
  return `Delivered to ${sent.map(({ target, atMs }) => `${target} (last at ${rfc3339(atMs)})`).join(', ')}.`;
}

function notDeliveredText(member: string, why: string, incident: Incident | null): string {
  if (incident?.status === 'resolved')
    return `It was ${member}, which is resolved (${why}). Its deliveries are no longer kept.`;
  return `Not paged: ${member} (${why}), and no delivery was begun. Is the notifier running, and does a channel take this level?`;
}
