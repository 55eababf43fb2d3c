/** The timeline that people read: what was told, when the harm began, what changed before it, and the alerts, folded. Bounded. */
import type { JudgedChange, TimelineEntry } from '@faultline/model';
import { serviceOf } from '../alert/subject.ts';
import type { Ranking } from '../hypothesis/ranking.ts';
import type { AlertState } from '../state/state.ts';

const maxAlertLines = 24;
const maxChangeLines = 8;
const maxRankingLines = 8;
const maxHistoryLines = 60;
/** Up to this many alerts of one burst have a line each. */
const maxBurstLines = 3;
const burstMs = 60_000;

export interface TimelineInput {
  readonly members: readonly AlertState[];
  readonly ranking: Pick<Ranking, 'timeline' | 'changes'>;
  /** What was done to the incident and what was said of it, oldest first. */
  readonly history: readonly TimelineEntry[];
}

/** All entries by time: at most 100. */
export function timelineOf({ members, ranking, history }: TimelineInput): TimelineEntry[] {
  const entries = [
    ...alertLines(members),
    ...ranking.changes
      .filter(({ verdict }) => verdict === 'suspect')
      .slice(0, maxChangeLines)
      .map(changeLine),
    ...ranking.timeline.slice(0, maxRankingLines),
    ...history.slice(-maxHistoryLines),
  ];
  return entries.sort((a, b) => a.atMs - b.atMs || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

function changeLine({ startedAtMs, summary, actor }: JudgedChange): TimelineEntry {
  return {
    atMs: startedAtMs,
    kind: 'change',
    text: `${summary}${actor === '' ? '' : `, by ${actor}`}: under suspicion`,
  };
}

interface AlertEvent {
  readonly atMs: number;
  readonly name: string;
  readonly service: string;
}

/** One line for each alert of a small burst and one for a large one; where that is still too much, bursts are taken longer. */
function alertLines(members: readonly AlertState[]): TimelineEntry[] {
  const events = new Map<string, AlertEvent[]>();
  const add = (verb: string, atMs: number, { name, entities }: AlertState) => {
    const known = events.get(verb) ?? [];
    if (known.length === 0) events.set(verb, known);
    known.push({ atMs, name, service: serviceOf(entities) });
  };
  for (const alert of members) {
    add('fires', alert.startsAtMs, alert);
    if (alert.endsAtMs !== null) add(alert.status, alert.endsAtMs, alert);
  }
  for (const list of events.values()) list.sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
  for (let windowMs = burstMs; ; windowMs *= 2) {
    const lines = [...events].flatMap(([verb, list]) =>
      burstsOf(list, windowMs).flatMap((burst) => burstLines(verb, burst)),
    );
    if (lines.length <= maxAlertLines) return lines;
  }
}

/** Runs of events that begin within `windowMs` of their first. */
function burstsOf(events: readonly AlertEvent[], windowMs: number): AlertEvent[][] {
  const bursts: AlertEvent[][] = [];
  for (const event of events) {
    const burst = bursts.at(-1);
    if (burst?.[0] !== undefined && event.atMs - burst[0].atMs < windowMs) burst.push(event);
    else bursts.push([event]);
  }
  return bursts;
}

function burstLines(verb: string, burst: readonly AlertEvent[]): TimelineEntry[] {
  const [first] = burst;
  if (first === undefined) return [];
  if (burst.length <= maxBurstLines) return burst.map((event) => alertLine(verb, event));
  const services = new Set(burst.map(({ service }) => service).filter((service) => service !== ''));
  const where =
    services.size === 0 ? '' : ` on ${services.size === 1 ? [...services][0] : `${services.size} services`}`;
  const did = verb === 'fires' ? 'fire' : verb;
  return [{ atMs: first.atMs, kind: 'alert', text: `${burst.length} alerts${where} ${did}, ${first.name} first` }];
}

function alertLine(verb: string, { atMs, name, service }: AlertEvent): TimelineEntry {
  return { atMs, kind: 'alert', text: `${service === '' ? name : `${name} on ${service}`} ${verb}` };
}
