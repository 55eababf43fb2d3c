/** How far the latest values of a metric series are from the series' own past. */
import type { SeriesRow } from '@faultline/model';
import type { WindowBounds } from '../input/window.ts';
import { periodOf } from '../rows/series-period.ts';
import { clamp, levelAndSpread, median } from '../statistics/robust.ts';
import { isOfNode, type SeriesSubject, subjectOf, unjudgedSubjects } from '../vocabulary/metric-subject.ts';
import { peerControl } from './peer-control.ts';

export interface SeriesShift {
  readonly row: SeriesRow;
  readonly before: number;
  readonly during: number;
  /** Robust z, signed by direction. */
  readonly z: number;
  /** Relative change, with the same floor as z. */
  readonly growth: number;
}

/** Points of periods as long as this are stamped with their start, so they describe the time after it. */
const longPeriodMs = 120_000;
/**
 * A series that hardly varied may still vary: by 5 % of its level at least, by 2 points of a percentage, or by 0.3 after a long quiet
 * past.
 */
const relativeFloor = 0.05;
const percentFloor = 2;
const quietPercentFloor = 0.3;

export interface MetricShift {
  readonly subject: SeriesSubject;
  readonly shift: SeriesShift;
}

/**
 * The shift of every series that is judged and that has a past and a present, in the order of the rows. A fresh instance has the past of its
 * peers.
 */
export function metricShifts(series: readonly SeriesRow[], onset: WindowBounds): MetricShift[] {
  const subjectsByName = new Map<string, SeriesSubject>();
  const controlled = peerControl(series, onset);
  return series.flatMap((row) => {
    const subject = subjectsByName.get(row.metric) ?? subjectOf(row.metric);
    subjectsByName.set(row.metric, subject);
    const shift =
      unjudgedSubjects.has(subject) || (isOfNode(row.metric) && subject !== 'disk')
        ? null
        : shiftOf(controlled(row), onset);
    return shift === null ? [] : [{ subject, shift }];
  });
}

/** Null without points in one of the windows. */
export function shiftOf(row: SeriesRow, onset: WindowBounds): SeriesShift | null {
  const periodMs = periodOf(row);
  const leadMs = periodMs >= longPeriodMs ? periodMs / 2 : 0;
  const isDuring = (atMs: number): boolean => atMs + leadMs >= onset.duringFromMs;
  const now = row.points.filter(([atMs]) => isDuring(atMs)).map(([, mean]) => mean);
  const earlier = row.points.filter(([atMs]) => !isDuring(atMs) && (leadMs > 0 || atMs < onset.beforeToMs));
  const past = earlier.map(([, mean]) => mean);
  const normal = normalOf(row, past);
  if (normal === null || now.length === 0) return null;
  const during = now.length >= 3 ? median(now) : leadMs > 0 ? meanOf(now) : (now.at(-1) ?? Number.NaN);
  const floor = floorOf(row, normal.level);
  const lasting = 1 - alreadyThere({ earlier, level: normal.level, during, toMs: onset.beforeToMs });
  const z = ((during - normal.level) / Math.max(normal.spread, floor)) * lasting;
  return {
    row,
    before: normal.level,
    during,
    z: clamp(z, -seenBefore(row, during), seenBefore(row, during)),
    growth: (during - normal.level) / Math.max(Math.abs(normal.level), floor * 4, leastProcessor(row)),
  };
}

/**
 * A twentieth of a processor: below it none is short, however many times it grew. Only for metrics that count processors, not shares of a
 * limit.
 */
function leastProcessor({ metric, unit }: SeriesRow): number {
  if (!/cpu/i.test(metric) || /throttl|util|rate|percent|ratio/i.test(metric)) return 0;
  return unit === 's' || unit === '{cpu}' || unit === 'cores' || unit === 's/s' ? 0.05 : 0;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function floorOf({ unit, history }: SeriesRow, level: number): number {
  if (unit !== '%') return Math.max(Math.abs(level) * relativeFloor, 1e-9);
  return history.count >= minHistory ? quietPercentFloor : percentFloor;
}

/** The share of the shift that was already there in the minutes before the onset, 0 to 1. That part is not the incident's. */
function alreadyThere({ earlier, level, during, toMs }: Earlier): number {
  const recent = earlier.filter(([atMs]) => atMs >= toMs - recentMs && atMs < toMs);
  const values = (recent.length > 0 ? recent : earlier.slice(-1)).map(([, mean]) => mean);
  if (values.length === 0 || during === level) return 0;
  return clamp((median(values) - level) / (during - level), 0, 1);
}

interface Earlier {
  readonly earlier: SeriesRow['points'];
  readonly level: number;
  readonly during: number;
  readonly toMs: number;
}

/** Half of the usual smoothing of a dashboard: long enough for a few points of any common interval. */
const recentMs = 240_000;

/** A longer history of fewer points has no tails to speak of. */
const minHistory = 100;

/**
 * A value that was seen before is not unusual, whatever the recent spread. Within the middle 98 % of the history z is at most 2.3, within
 * its extremes 3.1: the normal quantiles of 1 in 100 and 1 in 1000.
 */
function seenBefore({ history }: SeriesRow, value: number): number {
  if (history.count < minHistory) return Number.POSITIVE_INFINITY;
  if (value >= history.p01 && value <= history.p99) return 2.3;
  return value >= history.min && value <= history.max ? 3.1 : Number.POSITIVE_INFINITY;
}

/** Enough points for a level and a spread. With fewer, the longer history counts. */
const minPoints = 5;

function normalOf(row: SeriesRow, past: readonly number[]): { level: number; spread: number } | null {
  const { history } = row;
  if (past.length >= minPoints) {
    const { level, spread } = levelAndSpread(past);
    return { level, spread: Math.max(spread, spreadOfDay(history)) };
  }
  if (history.count >= minPoints) return { level: history.p50, spread: 4 * spreadOfDay(history) };
  const level = median(past);
  return past.length === 0 ? null : { level, spread: Math.abs(level) * (row.unit === '%' ? 0.01 : guessedSpread) };
}

/** With next to no past, only a shift by about half counts. */
const guessedSpread = 0.15;

/** The history holds nights and weekends, so only a quarter of its middle half is taken as the noise of an hour. */
function spreadOfDay(history: SeriesRow['history']): number {
  return history.count >= minPoints ? (history.p75 - history.p25) / 1.349 / 4 : 0;
}
