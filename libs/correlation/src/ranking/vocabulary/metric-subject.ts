/** What a metric measures, read from its name. */

import { madeSubject } from './made-metric.ts';

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
  ['pool', /connection|pool|thread|goroutine|socket|file[._]?desc/],
  ['queue', /queue|lag|backlog|pending|saturation/],
  ['cpu', /cpu|throttl/],
  ['memory', /mem(?:ory)?|heap|rss|gc[._]/],
  ['network', /network|net[._]|receive|transmit|packet|tcp|retrans/],
  ['disk', /disk|fs[._]|filesystem|iops|[._]io[._]|volume/],
  ['requests', /request|calls|rps|throughput|qps|syscall/],
];

/** Parts of a histogram that arrive as separate series. They count calls, whatever else their name says. */
const counted = /_(?:bucket|count|created)$/;

/** What a metric measures, by the words that are common in metric names. */
export function subjectOf(metric: string): SeriesSubject {
  const ofMade = madeSubject(metric);
  if (ofMade !== null) return ofMade;
  const name = metric.toLowerCase();
  if (counted.test(name) && /latency|duration/.test(name)) return name.endsWith('_count') ? 'requests' : 'other';
  return subjects.find(([, words]) => words.test(name))?.[0] ?? 'other';
}

/** Network traffic follows load and errors. It adds nothing that the calls do not show, so it is not judged. */
export const unjudgedSubjects: ReadonlySet<SeriesSubject> = new Set(['other', 'network']);

/** A regular expression (RE2) for the metrics that some detector reads. A system may send thousands of others. */
export const tellingNames = [
  ...subjects.flatMap(([subject, words]) => (unjudgedSubjects.has(subject) ? [] : [words.source])),
  'restart',
  'oom',
  'terminated_reason',
].join('|');

/** Whether a metric describes the machine. All services on a machine share it; only its disk is mostly used by one. */
export function isOfNode(metric: string): boolean {
  return /^(?:node|host|machine|system)[._]/.test(metric.toLowerCase());
}

/** The direction in which a service metric gets worse: 1 up, -1 down, 0 where the subject does not tell of the service's answers. */
export function worseDirection(subject: SeriesSubject): -1 | 0 | 1 {
  if (subject === 'success') return -1;
  return subject === 'latency' || subject === 'errors' ? 1 : 0;
}
