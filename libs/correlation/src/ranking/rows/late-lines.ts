/**
 * Log lines that came too late to be joined with their span. Logs take another way than traces, and a slow collector delivers them after
 * their trace has settled. Such lines arrive without a span, so their operation seems to have stopped logging.
 */
import type { EvidenceResult, TemplateRow } from '@faultline/model';
import { keyOf } from './call-edge.ts';

export interface LateLines {
  /** Keys of service and slice in which most lines of spans came without their span. They tell nothing about the share of a line. */
  readonly slices: ReadonlySet<string>;
  /** Whether a row without a span belongs to one in truth, so that its line is no new one. */
  readonly isLate: (row: TemplateRow) => boolean;
}

export function findLateLines({ templates }: Pick<EvidenceResult, 'templates'>): LateLines {
  const ofSpans = new Set(templates.flatMap((row) => (row.operation === '' ? [] : [templateKey(row)])));
  const counts = new Map<string, { joined: number; late: number }>();
  for (const row of templates) {
    if (row.operation === '' && !ofSpans.has(templateKey(row))) continue;
    const key = keyOf(row.service, row.slice);
    const count = counts.get(key) ?? { joined: 0, late: 0 };
    counts.set(key, count);
    if (row.operation === '') count.late += row.lines;
    else count.joined += row.lines;
  }
  const slices = new Set([...counts].flatMap(([key, { joined, late }]) => (late > joined ? [key] : [])));
  return {
    slices,
    isLate: (row) => row.operation === '' && slices.has(keyOf(row.service, row.slice)) && ofSpans.has(templateKey(row)),
  };
}

function templateKey({ service, template }: TemplateRow): string {
  return keyOf(service, template);
}
