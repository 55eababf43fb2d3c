/** What the machine did, in lines that a reviewer can read. */
import type { Incident } from '@faultline/model';
import type { Effect } from '../state/effect.ts';

/** Incidents are #1, #2, ... in the order in which they appear. */
export class Names {
  readonly #ids: string[] = [];

  name(id: string): string {
    if (!this.#ids.includes(id)) this.#ids.push(id);
    return `#${this.#ids.indexOf(id) + 1}`;
  }

  /** Whether `name` is `#1`, `#2`, ... of an incident that has appeared. */
  has(name: string): boolean {
    return /^#[1-9]\d*$/.test(name) && Number(name.slice(1)) <= this.#ids.length;
  }

  id(name: string): string {
    return this.#ids[Number(name.slice(1)) - 1] ?? name;
  }

  /** The text with names instead of ids. */
  inText(text: string): string {
    return this.#ids.reduce((result, id) => result.replaceAll(id, this.name(id)), text);
  }
}

/** The last command and the last line of the timeline stand for all. Saves and timers are left out: the restart command and the times of ticks show them. */
export function describeEffect(effect: Effect, names: Names): string[] {
  switch (effect.kind) {
    case 'publish':
      return describeIncident(effect.incident, names);
    case 'tombstone':
      return [`tombstone ${names.name(effect.incidentId)}`];
    case 'member': {
      const { alert, incidentId, membership } = effect.member;
      const place = `member ${names.name(incidentId)} ${alert.fingerprint}`;
      return [membership === 'left' ? `${place} left` : `${place} ${alert.status}: ${names.inText(alert.reason)}`];
    }
    case 'count':
      return [`count ${effect.signal} ${effect.field}`];
    case 'query':
      return [
        `query ${names.name(effect.query.incidentId)} within ${effect.query.deadlineMs - effect.query.askedAtMs}ms`,
      ];
    default:
      return [];
  }
}

function placeOf({ environments, environmentReading }: Incident): string {
  if (environments.length === 0) return environmentReading === null ? '' : ', in no known environment';
  return `, in ${environments.join(' and ')}`;
}

function describeIncident(incident: Incident, names: Names): string[] {
  const { revision, status, verdict, evidenceState, title, alertCount, firingCount, severity } = incident;
  const owners = incident.owners.map(({ team }) => team).join(', ');
  return [
    `PUBLISH ${names.name(incident.id)} r${revision} ${status} ${verdict} ${evidenceState} ${severity} "${title}" ${firingCount}/${alertCount} firing, owner ${owners}${placeOf(incident)}`,
    ...(incident.triage === null || incident.triage.level === 'page' ? [] : [`  ${incident.triage.text}`]),
    ...(incident.resolution === null ? [] : [`  resolution: ${names.inText(incident.resolution)}`]),
    ...incident.missingEvidence.map((text) => `  missing ${text}`),
    ...(incident.concurrent.count === 0
      ? []
      : [`  began with ${incident.concurrent.incidentIds.map((id) => names.name(id)).join(', ')}`]),
    ...(incident.evidenceRetry === null
      ? []
      : [`  evidence is read again within ${incident.evidenceRetry.withinMs}ms`]),
    ...incident.commands
      .slice(-1)
      .map(({ id, result, refusal, reason }) =>
        `  command ${id} ${result} ${refusal ?? ''} ${names.inText(reason)}`.trimEnd(),
      ),
    ...incident.timeline
      .filter(({ kind }) => kind !== 'alert')
      .slice(-1)
      .map(({ kind, text }) => `  ${kind}: ${names.inText(text)}`),
  ];
}
