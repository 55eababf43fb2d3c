/** Judges how a storm was paged. Pure. */
import type { Incident } from '@faultline/model';
import type { PlayedStorm } from './play.ts';

export interface StormJudgement {
  readonly seed: number;
  readonly causes: number;
  readonly alerts: number;
  /** Pairs of alerts: of one cause, in one incident, and both. */
  readonly truePairs: number;
  readonly pagedPairs: number;
  readonly rightPairs: number;
  /** Incidents that woke somebody with an alert of a cause. One for each cause is right. */
  readonly pages: number;
  /** Incidents that woke somebody with nothing but alerts that belong to nothing. */
  readonly noisePages: number;
  /** For each cause: how many pages came until one named it. Infinity: none did. */
  readonly readUntilKnown: readonly number[];
}

export function judgeStorm({ storm, revisions, members }: PlayedStorm): StormJudgement {
  const { seed, truth } = storm;
  const causes = storm.groups.flatMap(({ harm }) => (harm === null ? [] : [harm.service]));
  const grouped = [
    ...Map.groupBy(truth.keys(), (fingerprint) => members.get(fingerprint) ?? `none ${fingerprint}`).values(),
  ];
  const ofCause = causes.map((cause) => [...truth.values()].filter((one) => one === cause).length);
  const paged = pagesOf(revisions);
  const causeOf = (page: Incident) => causesOf(page, truth);
  return {
    seed,
    causes: causes.length,
    alerts: truth.size,
    truePairs: sum(ofCause.map(pairs)),
    pagedPairs: sum(grouped.map((group) => pairs(group.length))),
    rightPairs: sum(grouped.map((group) => rightPairsOf(group, truth))),
    pages: paged.filter((page) => causeOf(page).size > 0).length,
    noisePages: paged.filter((page) => causeOf(page).size === 0).length,
    readUntilKnown: causes.map((cause) => readUntilKnown(cause, { revisions, paged, truth })),
  };
}

function rightPairsOf(group: readonly string[], truth: PlayedStorm['storm']['truth']): number {
  const byCause = Map.groupBy(
    group.flatMap((fingerprint) => truth.get(fingerprint) ?? []),
    (cause) => cause,
  );
  return sum([...byCause.values()].map((one) => pairs(one.length)));
}

/** The last revision of each incident that woke somebody, in the order of their first pages. */
function pagesOf(revisions: readonly Incident[]): readonly Incident[] {
  const paged = new Map<string, Incident>();
  for (const incident of revisions)
    if (paged.has(incident.id) || incident.triage?.level === 'page') {
      // One that was merged into another has no alerts left. People were woken by those that it had.
      if (incident.alertCount > 0 || !paged.has(incident.id)) paged.set(incident.id, incident);
    }
  return [...paged.values()];
}

function causesOf({ alerts }: Incident, truth: PlayedStorm['storm']['truth']): ReadonlySet<string> {
  return new Set(alerts.flatMap(({ fingerprint }) => truth.get(fingerprint) ?? []));
}

interface Reading extends Pick<PlayedStorm, 'revisions'> {
  readonly paged: readonly Incident[];
  readonly truth: PlayedStorm['storm']['truth'];
}

/** Pages with alerts of this cause, up to the first that names it. */
function readUntilKnown(cause: string, { revisions, paged, truth }: Reading): number {
  const own = paged.filter((page) => causesOf(page, truth).has(cause));
  const names = (id: string) =>
    revisions.some(
      (one) => one.id === id && one.verdict === 'identified' && one.hypotheses[0]?.cause.service === cause,
    );
  const at = own.findIndex(({ id }) => names(id));
  return at === -1 ? Number.POSITIVE_INFINITY : at + 1;
}

/** The F1 score of pairs: the harmonic mean of precision and recall. */
export function pairwiseF1(judged: readonly Pick<StormJudgement, 'truePairs' | 'pagedPairs' | 'rightPairs'>[]): number {
  const right = sum(judged.map(({ rightPairs }) => rightPairs));
  return (
    (2 * right) / (sum(judged.map(({ truePairs }) => truePairs)) + sum(judged.map(({ pagedPairs }) => pagedPairs)))
  );
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
