/** What happened to an incident, in words: lines of its timeline, and what ended it. */
import { causeWords, remediationText, type TimelineEntry } from '@faultline/model';
import type { Blame, HistoryEntry, IncidentEvent, Resolution } from '../../state/state.ts';
import { reasonText } from './reason.ts';

/** One entry of the incident's own history as people read it. */
export function timelineEntry({ atMs, event }: HistoryEntry): TimelineEntry {
  return { atMs, kind: timelineKind(event), text: eventText(event) };
}

function timelineKind(event: IncidentEvent): string {
  switch (event.kind) {
    case 'text':
      return event.timelineKind;
    case 'note':
      return 'note';
    case 'blame-changed':
      return 'revision';
    case 'acknowledged':
    case 'pinned':
    case 'cause-rejected':
    case 'cause-restored':
    case 'remediation':
    case 'split-by':
    case 'split-from':
    case 'merged-by':
      return 'command';
    default:
      return 'status';
  }
}

function eventText(event: IncidentEvent): string {
  switch (event.kind) {
    case 'acknowledged':
      return `acknowledged by ${event.actor}`;
    case 'resolved':
      return endText(event.resolution);
    case 'reopened':
      return `reopened: ${reasonText(event.reason)}`;
    case 'reopened-by':
      return `reopened by ${event.actor}`;
    case 'flapping':
      return `${event.alertName} is flapping`;
    case 'regrouped':
      return `${event.alertName} and related alerts moved to a new incident: nothing connects them with this one`;
    case 'flooded':
      return `${alertsText(event.count)} moved to ${event.into}: nothing connects them with any incident`;
    case 'members-added':
      return `${alertsText(event.count)} of another incident joined: same cause, ${event.cause}`;
    case 'merged-by':
      return `${event.actor} merged ${event.other} into this incident`;
    case 'split-by':
      return `${event.actor} moved ${alertsText(event.count)} to ${event.into}`;
    case 'split-from':
      return `split off from ${event.from} by ${event.actor}`;
    case 'pinned':
      return `${event.actor} pinned ${event.service} as the cause`;
    case 'cause-rejected':
      return `${event.actor} says that ${event.service} is not the cause`;
    case 'cause-restored':
      return `${event.actor} says that ${event.service} may be the cause after all`;
    case 'remediation':
      return `${event.actor}: ${remediationText({ kind: event.remediation, target: event.target })}${event.worked ? '' : ', did not help'}`;
    case 'note':
      return `${event.actor}: ${event.text}`;
    case 'blame-changed':
      return blameText(event.before, event.now);
    case 'promoted':
      return `the ${levelNames[event.before]} became a ${levelNames[event.now]}`;
    case 'text':
      return event.text;
  }
}

const levelNames = { page: 'page', ticket: 'ticket', log: 'log entry' } as const;

function alertsText(count: number): string {
  return count === 1 ? '1 alert' : `${count} alerts`;
}

/** The timeline's line about the end. */
function endText(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'by-person':
      return `resolved by ${resolution.actor}${resolution.text === '' ? '' : `: ${resolution.text}`}`;
    case 'merged-same-cause':
      return `merged into ${resolution.into}: same cause, ${resolution.cause}`;
    case 'merged-by':
      return `merged into ${resolution.into} by ${resolution.actor}`;
    default:
      return `resolved: ${resolutionText(resolution)}`;
  }
}

/** What ended an incident. */
export function resolutionText(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'by-person':
      return resolution.text || `resolved by ${resolution.actor}, who did not name a fix`;
    case 'recovered':
      return 'no alert fires and the signals recovered';
    case 'no-evidence':
      return 'no alert fires; the signals could not be checked';
    case 'still-degraded':
      return 'no alert fires; the signals have not returned to what they were';
    case 'merged-same-cause':
    case 'merged-by':
      return `merged into ${resolution.into}`;
    case 'text':
      return resolution.text;
  }
}

function blameText(before: Blame | null, now: Blame | null): string {
  if (now === null)
    return before === null ? '' : `${before.service} is no longer the likely cause: the evidence is inconclusive`;
  const because = now.evidence === '' ? '' : `: ${now.evidence}`;
  if (before === null) return `likely cause: ${namedBlame(now)}${because}`;
  return `cause changed from ${namedBlame(before)} to ${namedBlame(now)}${because}`;
}

function namedBlame({ service, faultType, probability }: Blame): string {
  return `${service} ${causeWords[faultType]} (${Math.round(probability * 100)} %)`;
}
