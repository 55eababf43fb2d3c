/** Metric series: what a name speaks of, and how far the latest values are from the series' own past. */
import type { SeriesRow } from '@faultline/model';
import { median, robustSpread } from './statistics.ts';

export type SeriesSubject =
  | 'cpu'
  | 'memory'
  | 'disk'
  | 'network'
  | 'pool'
  | 'queue'
  | 'latency'
  | 'errors'
  | 'success'
  | 'requests'
  | 'other';

const subjects: readonly (readonly [SeriesSubject, RegExp])[] = [
  ['success', /success|availability/],
  ['errors', /error|fail|5xx|exception/],
  ['latency', /latency|duration|response[._]?time|delay/],
  ['pool', /connection|pool|thread|goroutine|file[._]?desc/],
  ['queue', /queue|lag|backlog|pending|saturation/],
  ['cpu', /cpu|throttl/],
  ['memory', /mem(?:ory)?|heap|rss|gc[._]/],
  ['network', /network|net[._]|receive|transmit|packet|tcp|retrans/],
  ['disk', /disk|fs[._]|filesystem|iops|[._]io[._]|volume/],
  ['requests', /request|calls|rps|throughput|qps|syscall/],
];

/** What a metric's name speaks of, by the words in common use. */
export function subjectOf(metric: string): SeriesSubject {
  const name = metric.toLowerCase();
  return subjects.find(([, words]) => words.test(name))?.[0] ?? 'other';
}

/** Metrics of the machine are shared by all that run on it. */
export function isOfNode(metric: string): boolean {
  return /^(?:node|host|machine|system)[._]/.test(metric.toLowerCase());
}

export interface SeriesShift {
  readonly row: SeriesRow;
  readonly before: number;
  readonly during: number;
  /** Robust z, signed by direction. */
  readonly z: number;
  /** Relative change, with the same floor as z. */
  readonly growth: number;
}

/** Periods as long as this are stamped with their start: the point tells of what came after. */
const longPeriodMs = 120_000;
/** A series that hardly varies is not certain to: at least 5 % of its level, and 2 of a percentage. */
const relativeFloor = 0.05;
const percentFloor = 2;

/** Null when there is nothing before or nothing since the onset. */
export function shiftOf(row: SeriesRow, onsetMs: number): SeriesShift | null {
  const periodMs = periodOf(row);
  const leadMs = periodMs >= longPeriodMs ? periodMs / 2 : 0;
  const isDuring = (atMs: number): boolean => atMs + leadMs >= onsetMs;
  const now = row.points.filter(([atMs]) => isDuring(atMs)).map(([, mean]) => mean);
  const past = row.points.filter(([atMs]) => !isDuring(atMs)).map(([, mean]) => mean);
  const normal = normalOf(row, past);
  if (normal === null || now.length === 0) return null;
  const during = now.length >= 3 ? median(now) : (now.at(-1) ?? Number.NaN);
  const floor = Math.max(Math.abs(normal.level) * relativeFloor, row.unit === '%' ? percentFloor : 0, 1e-9);
  const spread = Math.max(normal.spread, floor);
  return {
    row,
    before: normal.level,
    during,
    z: (during - normal.level) / spread,
    growth: (during - normal.level) / Math.max(Math.abs(normal.level), floor * 4),
  };
}

/** Enough points to tell level and spread; fewer lean on the far past. */
const minPoints = 5;

function normalOf(row: SeriesRow, past: readonly number[]): { level: number; spread: number } | null {
  const { history } = row;
  const farSpread = Math.max((history.p75 - history.p25) / 1.349, (history.p99 - history.p01) / 6);
  if (past.length >= minPoints)
    return { level: median(past), spread: Math.max(robustSpread(past), spreadOfDay(history)) };
  if (history.count >= minPoints) return { level: history.p50, spread: farSpread };
  return past.length >= 2 ? { level: median(past), spread: Math.abs(median(past)) * 0.2 } : null;
}

/** The far past holds nights and weekends: only a quarter of its middle half is taken as noise of the hour. */
function spreadOfDay(history: SeriesRow['history']): number {
  return history.count >= minPoints ? (history.p75 - history.p25) / 1.349 / 4 : 0;
}

function periodOf({ points }: SeriesRow): number {
  const gaps = points.slice(1).map(([atMs], i) => atMs - (points[i]?.[0] ?? atMs));
  return gaps.length === 0 ? 0 : median(gaps);
}
