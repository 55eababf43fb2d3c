/** Finds rules that cost more than they tell. Pure. */
import type { AlertedIncident, AlertFiring } from '@faultline/store';
import { type HygieneFinding, type HygieneKind, teamsOf } from './finding.ts';
import { demotedPatch, inhibitionPatch, type Patch, steadyPatch } from './patch.ts';
import { type AlertRecord, hadImpact } from './records.ts';

const minuteMs = 60_000;
/** Fewer pages may be chance. */
const leastPages = 3;
const leastIncidents = 5;
const leastFlaps = 5;
/** An end followed by a start within this time is one fault that flaps. */
const maxGapMs = 30 * minuteMs;
/** Share of the firings that follow so soon upon another. */
const flappingShare = 0.5;
/** Share of its incidents in which the other alert fires, too. */
const togetherShare = 0.95;
/** Scrapes and evaluations of two rules are this far apart. */
const startToleranceMs = 2 * minuteMs;

/** Nobody acknowledged or acted on any of the pages that this alert made by itself. */
export function findNoAction(record: AlertRecord): HygieneFinding | null {
  const pages = record.alone.filter(({ isPaged }) => isPaged);
  if (pages.length < leastPages || pages.some(({ isAcknowledged, isActedOn }) => isAcknowledged || isActedOn))
    return null;
  return findingOf('no-action', record, {
    patch: demotedPatch(record.firings),
    savedPages: pages,
    missed: pages.filter(hadImpact),
  });
}

/** It ended and fired again within minutes, again and again. The patch covers nine of ten gaps. */
export function findFlapping(record: AlertRecord): HygieneFinding | null {
  const repeats = repeatsOf(record.firings);
  if (repeats.length < leastFlaps || repeats.length < record.firings.length * flappingShare) return null;
  const gaps = repeats.map(({ gapMs }) => gapMs).sort((a, b) => a - b);
  const keepMs = Math.max(minuteMs, gaps[Math.ceil(gaps.length * 0.9) - 1] ?? 0);
  const covered = repeats.filter(({ gapMs }) => gapMs <= keepMs);
  // The first firing still pages, so no incident is missed.
  const repeated = new Set(covered.filter(({ isNewIncident }) => isNewIncident).map(({ firing }) => firing.incidentId));
  return findingOf('flapping', record, {
    patch: steadyPatch(record.firings, keepMs),
    savedPages: record.alone.filter(({ id, isPaged }) => isPaged && repeated.has(id)),
    savedAlerts: covered.length,
    missed: [],
  });
}

interface Repeat {
  readonly firing: AlertFiring;
  readonly gapMs: number;
  /** The firing before it was in another incident. */
  readonly isNewIncident: boolean;
}

/** Firings that came soon after the end of the one before, series by series. */
function repeatsOf(firings: readonly AlertFiring[]): readonly Repeat[] {
  return [...Map.groupBy(firings, ({ fingerprint }) => fingerprint).values()].flatMap((series) =>
    series.flatMap((firing, index): Repeat[] => {
      const before = series[index - 1];
      if (before === undefined || before.endsAtMs === null) return [];
      const gapMs = firing.startsAtMs - before.endsAtMs;
      if (gapMs < 0 || gapMs > maxGapMs) return [];
      return [{ firing, gapMs, isNewIncident: firing.incidentId !== before.incidentId }];
    }),
  );
}

/** None of its incidents hurt anything, as far as telemetry tells, and it was alone in all of them. */
export function findNoImpact(record: AlertRecord): HygieneFinding | null {
  const { incidents, alone } = record;
  if (incidents.length < leastIncidents || alone.length < incidents.length) return null;
  if (incidents.some(({ impact }) => impact !== 'none')) return null;
  return findingOf('no-impact', record, {
    patch: demotedPatch(record.firings),
    savedPages: incidents.filter(({ isPaged }) => isPaged),
    missed: [],
  });
}

/** Another alert fired first, or at the same time, in nearly all of its incidents. Nothing is missed: the other one still notifies. */
export function findAlwaysTogether(record: AlertRecord, index: IncidentIndex): HygieneFinding | null {
  if (record.incidents.length < leastIncidents) return null;
  for (const other of oftenWith(record, index)) {
    const shared = sharedFirings(record, other);
    if (shared.ids.size >= record.incidents.length * togetherShare)
      return findingOf('always-together', record, {
        other: other.name,
        patch: inhibitionPatch(other.name, record.name, shared.equalLabels),
        savedPages: [],
        savedAlerts: shared.count,
        missed: [],
      });
  }
  return null;
}

/** The alerts of each incident, those in most incidents first. */
export type IncidentIndex = ReadonlyMap<string, readonly AlertRecord[]>;

export function indexByIncident(records: readonly AlertRecord[]): IncidentIndex {
  const index = new Map<string, AlertRecord[]>();
  for (const record of records.toSorted(mostIncidentsFirst))
    for (const { id } of record.incidents) {
      const known = index.get(id);
      if (known === undefined) index.set(id, [record]);
      else known.push(record);
    }
  return index;
}

/** Alerts that one alert is compared with. Whoever sends alerts chooses their names, so there may be thousands in each incident. */
const maxCompared = 200;

/**
 * The alerts that may have fired in nearly all incidents of this one and stay when it goes, those in most incidents first. What is missing in
 * few incidents is in one of the smallest ones, so only these are searched.
 */
function oftenWith(record: AlertRecord, index: IncidentIndex): readonly AlertRecord[] {
  const mayMiss = Math.floor(record.incidents.length * (1 - togetherShare));
  const smallest = record.incidents
    .map(({ id }) => index.get(id) ?? [])
    .sort((a, b) => a.length - b.length)
    .slice(0, mayMiss + 1);
  const others = new Set(smallest.flatMap((records) => records.slice(0, maxCompared)));
  return [...others]
    .filter((other) => other.name !== record.name && isKept(other, record))
    .sort(mostIncidentsFirst)
    .slice(0, maxCompared);
}

function mostIncidentsFirst(a: AlertRecord, b: AlertRecord): number {
  return b.incidents.length - a.incidents.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** Of two that always come together, the one that is in more incidents stays; of equals, the first by name. */
function isKept(other: AlertRecord, record: AlertRecord): boolean {
  const difference = other.incidents.length - record.incidents.length;
  return difference > 0 || (difference === 0 && other.name < record.name);
}

/** Firings of an alert during which another one fired as well, and the labels that both had in common in all of them. */
function sharedFirings(record: AlertRecord, other: AlertRecord) {
  const pairs = record.firings.flatMap((target) => {
    const source = other.byIncident.get(target.incidentId)?.find((one) => covers(one, target));
    return source === undefined ? [] : [{ target, source }];
  });
  return {
    ids: new Set(pairs.map(({ target }) => target.incidentId)),
    count: pairs.length,
    equalLabels: Object.keys(pairs[0]?.target.labels ?? {})
      .filter((label) => label !== 'severity')
      .filter((label) => pairs.every(({ target, source }) => target.labels[label] === source.labels[label]))
      .sort(),
  };
}

/** Whether an alert fired when another one started. */
function covers(source: AlertFiring, target: AlertFiring): boolean {
  return (
    source.startsAtMs <= target.startsAtMs + startToleranceMs &&
    (source.endsAtMs === null || source.endsAtMs > target.startsAtMs)
  );
}

interface Backtest {
  readonly patch: Patch;
  readonly savedPages: readonly AlertedIncident[];
  readonly savedAlerts?: number;
  readonly missed: readonly AlertedIncident[];
  readonly other?: string;
}

function findingOf(
  kind: HygieneKind,
  record: AlertRecord,
  { other = '', savedAlerts, ...backtest }: Backtest,
): HygieneFinding {
  const { name, source, incidents, firings } = record;
  const counts = { incidents: incidents.length, firings: firings.length };
  return {
    kind,
    alert: name,
    source,
    other,
    teams: teamsOf(incidents),
    ...counts,
    savedAlerts: savedAlerts ?? firings.length,
    ...backtest,
  };
}
