/** How alerts were grouped into pages, compared with which of them the fault caused. Pure. */
import type { TriageLevel } from '@faultline/model';
import type { AlertTruth, Truth } from '../case/truth.ts';
import type { GroupedAlert, Prediction } from './prediction.ts';

/** Pairs of alerts are together when they are on one page. All alerts of the fault belong together; a noise alert belongs with no other. */
export interface Grouping {
  /** Incidents with an alert of the fault. One is right. */
  readonly faultPages: number;
  /** Whether one of them woke somebody. */
  readonly isFaultPaged: boolean;
  /** Incidents with nothing but noise that woke somebody. */
  readonly noisePages: number;
  /** Those that are work for the day. */
  readonly noiseTickets: number;
  /** Those that are only listed. */
  readonly noiseLogs: number;
  /** Incidents with nothing but noise that name a cause. */
  readonly noiseClaims: number;
  readonly truePairs: number;
  readonly pagedPairs: number;
  readonly rightPairs: number;
}

/** Null unless one fault caused all alerts that are no noise, and the alerts of the pages are known. */
export function judgeGrouping(incidents: readonly Prediction[], truth: Truth): Grouping | null {
  const { alerts: sent } = truth;
  if (sent === undefined || truth.services.length === 0 || truth.overlapping.length > 1) return null;
  const counts = incidents.flatMap((page) => countsOf(page, sent) ?? []);
  if (counts.length < incidents.length) return null;
  const noise = counts.filter(({ ofFault }) => ofFault === 0);
  const ofFaults = counts.filter(({ ofFault }) => ofFault > 0);
  const noiseAt = (wanted: TriageLevel): number => noise.filter(({ level }) => level === wanted).length;
  return {
    faultPages: ofFaults.length,
    isFaultPaged: ofFaults.some(({ level }) => level === 'page'),
    noisePages: noiseAt('page'),
    noiseTickets: noiseAt('ticket'),
    noiseLogs: noiseAt('log'),
    noiseClaims: noise.filter(({ isClaim }) => isClaim).length,
    truePairs: pairs(sent.filter(({ isOfFault }) => isOfFault).length),
    pagedPairs: sum(counts.map(({ all }) => pairs(all))),
    rightPairs: sum(counts.map(({ ofFault }) => pairs(ofFault))),
  };
}

interface PageCounts {
  readonly all: number;
  readonly ofFault: number;
  readonly isClaim: boolean;
  readonly level: TriageLevel;
}

/** Null where the alerts of the page are not known. */
function countsOf({ alerts, verdict, level = 'page' }: Prediction, sent: readonly AlertTruth[]): PageCounts | null {
  if (alerts === undefined) return null;
  const ofFault = alerts.filter((alert) => isOfFault(alert, sent)).length;
  return { all: alerts.length, ofFault, isClaim: verdict === 'identified', level };
}

/** Senders rewrite names, but never the time to the millisecond. Of several alerts at one time the name tells. */
function isOfFault({ name, atMs }: GroupedAlert, sent: readonly AlertTruth[]): boolean {
  const atThatTime = sent.filter((one) => Math.abs(one.atMs - atMs) < 1);
  const sameName = atThatTime.filter((one) => one.name === name);
  return (sameName.length > 0 ? sameName : atThatTime).some((one) => one.isOfFault);
}

/** The F1 score of pairs (harmonic mean of precision and recall). NaN where there are no pairs at all. */
export function groupingF1(all: readonly Grouping[]): number {
  const total = (of: (one: Grouping) => number): number => sum(all.map(of));
  const right = total(({ rightPairs }) => rightPairs);
  return (2 * right) / (total(({ truePairs }) => truePairs) + total(({ pagedPairs }) => pagedPairs));
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
