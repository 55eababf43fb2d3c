/** A sender of Prometheus remote write 2.0: the client of the Prometheus project, for Debian's Prometheus knows 1.0 only. */
import { join } from 'node:path';
import { run } from './run.ts';

const program = join(import.meta.dirname, '../remote-write');

export interface WriteCounts {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

export interface WriteReport {
  readonly sent: WriteCounts;
  /** What the receiver says. */
  readonly written: WriteCounts;
  /** Empty when the receiver took everything. */
  readonly refusal: string;
}

/** Sends one request to `URL/api/v1/write`; with `last: 'old'` one of its samples is of 1970. The first call builds the program. */
export async function sendRemoteWrite2(
  url: string,
  { last = 'now' }: { last?: 'now' | 'old' } = {},
): Promise<WriteReport> {
  // Go says on the standard error what it downloads, which comes behind the report.
  const [report = ''] = (await run('go', ['run', '.', url, last], program)).split('\n', 1);
  return JSON.parse(report) as WriteReport;
}
