/** The timeline that people read: the incident's history, the onset, suspected changes, and the alerts in bursts. Bounded. */
import type { JudgedChange, TimelineEntry } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { MemberEvent, Members } from '../state/members.ts';
import type { SortedList } from '../state/sorted-list.ts';

const maxAlertLines = 24;
const maxChangeLines = 8;
const maxRankingLines = 8;
const maxHistoryLines = 60;
/** Up to this many alerts of one burst have a line each. */
const maxBurstLines = 3;
const burstMs = 60_000;

interface TimelineInput {
  /** What happened to the members. */
  readonly events: Members['events'];
  readonly ranking: Pick<Ranking, 'timeline' | 'changes'>;
  /** The incident's own history, oldest first. */
  readonly history: readonly TimelineEntry[];
}

/** All entries by time: at most 100. */
export function timelineOf({ events, ranking, history }: TimelineInput): TimelineEntry[] {
  const entries = [
    ...alertLines(events),
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
    text: `${summary}${actor === '' ? '' : `, by ${actor}`}: suspected`,
  };
}

/** One line for each alert of a small burst, and one for a large burst. Bursts become longer until the lines are few enough. */
function alertLines(events: Members['events']): TimelineEntry[] {
  for (let windowMs = burstMs; ; windowMs *= 2) {
    const bursts = [...events].flatMap(([verb, list]) => burstsOf(verb, list, windowMs));
    const lines = bursts.reduce((sum, { from, to }) => sum + linesOf(to - from), 0);
    if (lines <= maxAlertLines) return bursts.flatMap(burstLines);
  }
}

/** A range in a list of events. */
interface Burst {
  readonly verb: string;
  readonly events: SortedList<MemberEvent>;
  readonly from: number;
  readonly to: number;
}

/** Runs of events within `windowMs` of their first. Stops when there are too many: then a longer window is tried. */
function burstsOf(verb: string, events: SortedList<MemberEvent>, windowMs: number): Burst[] {
  const bursts: Burst[] = [];
  for (let from = 0; from < events.size && bursts.length <= maxAlertLines; ) {
    const endMs = (events.at(from)?.atMs ?? 0) + windowMs;
    const to = Math.max(
      from + 1,
      events.countWhile(({ atMs }) => atMs < endMs),
    );
    bursts.push({ verb, events, from, to });
    from = to;
  }
  return bursts;
}

function linesOf(events: number): number {
  return events <= maxBurstLines ? events : 1;
}

function burstLines({ verb, events, from, to }: Burst): TimelineEntry[] {
  const burst = events.slice(from, to);
  const [first] = burst;
  if (first === undefined) return [];
  if (burst.length <= maxBurstLines) return burst.map((event) => alertLine(verb, event));
  const services = new Set(burst.map(({ service }) => service).filter((service) => service !== ''));
  const where =
    services.size === 0 ? '' : ` on ${services.size === 1 ? [...services][0] : `${services.size} services`}`;
  const did = verb === 'fires' ? 'fire' : verb;
  return [{ atMs: first.atMs, kind: 'alert', text: `${burst.length} alerts${where} ${did}, ${first.name} first` }];
}

function alertLine(verb: string, { atMs, name, service }: MemberEvent): TimelineEntry {
  return { atMs, kind: 'alert', text: `${service === '' ? name : `${name} on ${service}`} ${verb}` };
}
