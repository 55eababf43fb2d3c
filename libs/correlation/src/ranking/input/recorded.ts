/**
 * Reduces a result to what surely was recorded, so that rows which are still on their way do not read as silence. Under load the recorder
 * is minutes behind, and not equally far for every sender. The incident is then judged as it was at that time.
 */
import type { EvidenceResult } from '@faultline/model';
import type { RankingInput } from './ranking.ts';

type Signal = keyof EvidenceResult['watermarks'];

/** Windows of the store are this long, and senders export in batches: the last slice is never more complete than this. */
const raggedMs = 10_000;
/** Parts of the spans. Without one of them, the others look as if calls had stopped. */
const spanParts: ReadonlySet<string> = new Set(['operations', 'edges', 'topology']);

/** The same input as of the time up to which its signals are recorded. Null: no evidence, or none about the time since the alert. */
export function onlyRecorded(input: RankingInput): RankingInput {
  if (input.answer === null) return input;
  const nowMs = Math.min(input.nowMs, input.answer.recordedUntilMs?.spans ?? input.nowMs);
  const answer = withoutLatePoints(
    withoutLateLines(withoutUnreadSpans(withoutLateSlices(input.answer, nowMs, input.nowMs))),
  );
  return { ...input, nowMs, answer: { ...answer, watermarks: watermarksOf(answer, input.nowMs) } };
}

/** Drops the slices at the end that are not recorded in full, with their rows. */
function withoutLateSlices(answer: EvidenceResult, recordedMs: number, nowMs: number): EvidenceResult {
  const late = answer.slices.findIndex(({ toMs }) => recordedMs < Math.min(toMs, nowMs) - raggedMs);
  if (late === -1) return answer;
  const isKept = ({ slice }: { readonly slice: number }) => slice < late;
  return {
    ...answer,
    slices: answer.slices.slice(0, late),
    operations: answer.operations.filter(isKept),
    edges: answer.edges.filter(isKept),
    templates: answer.templates.filter(isKept),
    children: answer.children.filter(isKept),
  };
}

function withoutUnreadSpans(answer: EvidenceResult): EvidenceResult {
  const isUnread = answer.missing.some(({ part, code }) => code === 'failed' && spanParts.has(part));
  return isUnread ? { ...answer, operations: [], edges: [], children: [] } : answer;
}

/** Log lines are compared in the same slices as spans. Lines of some slices only would look like lines that stopped. */
function withoutLateLines(answer: EvidenceResult): EvidenceResult {
  const untilMs = answer.recordedUntilMs?.logs;
  const endMs = answer.slices.at(-1)?.toMs ?? 0;
  return untilMs === undefined || untilMs >= endMs - raggedMs ? answer : { ...answer, templates: [] };
}

function withoutLatePoints(answer: EvidenceResult): EvidenceResult {
  const untilMs = answer.recordedUntilMs?.metrics;
  if (untilMs === undefined) return answer;
  const series = answer.series.map((row) => ({ ...row, points: row.points.filter(([atMs]) => atMs < untilMs) }));
  return { ...answer, series };
}

/** Bounds the watermarks by the present, too: a sender whose clock runs ahead would make everybody else look silent. */
function watermarksOf(
  { watermarks, recordedUntilMs = {} }: EvidenceResult,
  nowMs: number,
): EvidenceResult['watermarks'] {
  const clamped = (signal: Signal) => Math.min(watermarks[signal], nowMs, recordedUntilMs[signal] ?? nowMs);
  return { spans: clamped('spans'), logs: clamped('logs'), metrics: clamped('metrics') };
}
