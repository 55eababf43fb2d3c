/** Compares predictions with the truth. Pure. */

import { triageLevels } from '@faultline/model';
import type { Truth } from '../case/truth.ts';
import { type Grouping, judgeGrouping } from './grouping.ts';
import type { Prediction } from './prediction.ts';
import { strictRank } from './score.ts';

export interface Judged {
  readonly case: string;
  readonly system: string;
  readonly family: string;
  readonly incidents: number;
  /** The first hypothesis, as text. */
  readonly predicted: string;
  readonly verdict: string;
  /** Probability of the first hypothesis. Null without one. */
  readonly probability: number | null;
  /** Whether the first hypothesis names a faulty service. */
  readonly hit: boolean;
  /** Strict rank of the best-ranked faulty service. Null when it is not listed, or when nothing is wrong. */
  readonly rank: number | null;
  readonly baselineRank: number | null;
  /** Null unless the first hypothesis is a hit and the label has this part. */
  readonly kindRight: boolean | null;
  readonly instanceRight: boolean | null;
  readonly sinceErrorMs: number | null;
  /** Whether the first hypothesis blames the guilty change. Null when there is none. */
  readonly guiltyChangeFound: boolean | null;
  /** Whether the first hypothesis blames an innocent change. Null when there is none. */
  readonly innocentChangeBlamed: boolean | null;
  /** Whether every page is inconclusive. Null when there is a fault. */
  readonly abstained: boolean | null;
  /**
   * Whether each of two faults leads a page, or both are among the first three hypotheses of one. Null for other cases.
   */
  readonly separated: boolean | null;
  /** Null where it is not known which alerts belong to the fault. */
  readonly grouping: Grouping | null;
}

export interface Answered {
  readonly case: string;
  readonly system: string;
  readonly incidents: readonly Prediction[];
  /** The services that the three rules blame, most suspect first. */
  readonly baseline: readonly string[];
}

/** A case without a page counts as a miss. */
export function judge(answered: Answered, truth: Truth): Judged {
  const page = mainPage(answered.incidents);
  const first = page?.hypotheses[0];
  const hit = first !== undefined && truth.services.includes(first.service);
  const blamed = first?.change ?? null;
  return {
    case: answered.case,
    system: answered.system,
    family: truth.family,
    incidents: answered.incidents.length,
    predicted: first === undefined ? 'nothing' : `${first.service} ${first.kind}`,
    verdict: page?.verdict ?? 'missing',
    probability: first?.probability ?? null,
    hit,
    rank: bestRank(page, truth),
    baselineRank: best(
      truth.services.map((service) => answered.baseline.indexOf(service) + 1).filter((rank) => rank > 0),
    ),
    kindRight: hit && truth.kinds.length > 0 ? truth.kinds.includes(first.kind) : null,
    instanceRight: hit && truth.instance !== '' ? first.instance === truth.instance : null,
    sinceErrorMs: hit && truth.sinceMs !== null && first.sinceMs !== null ? first.sinceMs - truth.sinceMs : null,
    guiltyChangeFound: truth.change === null ? null : blamed === truth.change,
    innocentChangeBlamed: truth.innocent.length === 0 ? null : blamed !== null && truth.innocent.includes(blamed),
    abstained: truth.services.length > 0 ? null : answered.incidents.every(({ verdict }) => verdict !== 'identified'),
    separated: truth.overlapping.length < 2 ? null : areSeparated(answered.incidents, truth.overlapping),
    grouping: judgeGrouping(answered.incidents, truth),
  };
}

/** The incident that people would follow: pages before tickets, identified before inconclusive, then the most alerts, then the first. */
function mainPage(incidents: readonly Prediction[]): Prediction | null {
  const height = ({ level = 'page' }: Prediction): number => triageLevels.indexOf(level);
  const claims = ({ verdict }: Prediction): number => (verdict === 'identified' ? 1 : 0);
  const order = (a: Prediction, b: Prediction): number =>
    height(b) - height(a) || claims(b) - claims(a) || b.alertCount - a.alertCount;
  return incidents.toSorted(order)[0] ?? null;
}

function bestRank(page: Prediction | null, { services }: Truth): number | null {
  const guesses = (page?.hypotheses ?? []).map(({ service, probability }) => ({ service, score: probability }));
  return best(services.map((service) => strictRank(guesses, service)).filter(Number.isFinite));
}

function best(ranks: readonly number[]): number | null {
  return ranks.length === 0 ? null : Math.min(...ranks);
}

const firstHypotheses = 3;

function areSeparated(incidents: readonly Prediction[], faults: Truth['overlapping']): boolean {
  const isAmong = (names: ReadonlySet<string | undefined>): boolean =>
    faults.every((services) => services.some((service) => names.has(service)));
  const leaders = new Set(incidents.map(({ hypotheses }) => hypotheses[0]?.service));
  const together = incidents.some(({ hypotheses }) =>
    isAmong(new Set(hypotheses.slice(0, firstHypotheses).map(({ service }) => service))),
  );
  return together || isAmong(leaders);
}
