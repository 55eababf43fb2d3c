/** How alerts were grouped into pages, compared with which of them the fault caused. Pure. */
import type { AlertTruth, Truth } from '../case/truth.ts';
import type { GroupedAlert, Prediction } from './prediction.ts';

/** Pairs of alerts are together when they are on one page. All alerts of the fault belong together; a noise alert belongs with no other. */
export interface Grouping {
  /** Pages with an alert of the fault. One is right. */
  readonly faultPages: number;
  /** Pages with nothing but noise. */
  readonly noisePages: number;
  readonly truePairs: number;
  readonly pagedPairs: number;
  readonly rightPairs: number;
}

/** Null unless one fault caused all alerts that are no noise, and the alerts of the pages are known. */
export function judgeGrouping(incidents: readonly Prediction[], truth: Truth): Grouping | null {
  const { alerts: sent } = truth;
  const pages = incidents.map(({ alerts }) => alerts);
  if (sent === undefined || truth.services.length === 0 || truth.overlapping.length > 1) return null;
  const counts = pages.flatMap((page) => (page === undefined ? [] : [countsOf(page, sent)]));
  if (counts.length < pages.length) return null;
  return {
    faultPages: counts.filter(({ ofFault }) => ofFault > 0).length,
    noisePages: counts.filter(({ ofFault }) => ofFault === 0).length,
    truePairs: pairs(sent.filter(({ isOfFault }) => isOfFault).length),
    pagedPairs: sum(counts.map(({ all }) => pairs(all))),
    rightPairs: sum(counts.map(({ ofFault }) => pairs(ofFault))),
  };
}

function countsOf(page: readonly GroupedAlert[], sent: readonly AlertTruth[]): { all: number; ofFault: number } {
  return { all: page.length, ofFault: page.filter((alert) => isOfFault(alert, sent)).length };
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
