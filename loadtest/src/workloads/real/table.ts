/** What Faultline says of each fault in the recording of a real API server, as the table of docs/kubernetes.md. Run it to write the table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Change, faultTitle, objectText, type WorkloadFinding } from '@faultline/model';
import { manifest, type RealFault, realFaults } from './faults.ts';
import { type Replayed, readRecording, replay } from './recording.ts';

/** The run with every fault, and one more of a fault whose manifest was mended after it. */
export const recordingFiles = ['kubernetes-1.37', 'kubernetes-1.37-secret'].map((name) =>
  join(import.meta.dirname, `recorded/${name}.jsonl.gz`),
);

export function replayAll(): readonly Replayed[] {
  return recordingFiles.map((file) => replay(readRecording(file)));
}
export const page = join(import.meta.dirname, '../../../../docs/kubernetes.md');

export interface Outcome {
  readonly fault: RealFault;
  /** The finding that names mechanism, object and field; null: there is none. */
  readonly finding: WorkloadFinding | null;
  /** The change that the finding names; null: none. */
  readonly change: Change | null;
}

/** What was found of each fault, by the last version of each finding. */
export function outcomesOf(runs: readonly Replayed[]): readonly Outcome[] {
  const [findings, changes] = [runs.flatMap((run) => run.findings), runs.flatMap((run) => run.changes)];
  const last = new Map(findings.map((finding) => [finding.id, finding]));
  const byId = new Map(changes.map((change) => [change.id, change]));
  return realFaults.map((fault) => {
    const finding = [...last.values()].find((one) => isExpected(fault, one)) ?? null;
    return { fault, finding, change: byId.get(finding?.changedBy?.changeId ?? '') ?? null };
  });
}

function isExpected({ expected }: RealFault, { mechanism, object, field }: WorkloadFinding): boolean {
  return (
    mechanism === expected.mechanism &&
    objectText(object) === objectText(expected.object) &&
    field.endsWith(expected.field)
  );
}

/** The rows of the table, in the order of the faults. */
export function describeOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ fault, finding, change }) => {
    const made = manifest(fault.name).map((object) => String(object['kind']));
    const found = finding === null ? 'not found' : `${finding.mechanism}: ${faultTitle(finding)}`;
    const changed = change === null ? '' : `${change.summary} (${change.actor})`;
    return `| ${fault.name} | ${made.join(', ') || 'no manifest'} | ${fault.decidedBy} | ${found} | ${changed} |`;
  });
  return ['| fault | manifest | decided by | found | change named |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** The page with the table between its marks. */
export function withOutcomes(text: string, outcomes: readonly Outcome[]): string {
  return text.replace(
    /(<!-- faults -->\n)[\s\S]*?(<!-- end of faults -->)/,
    (_, begin, end) => `${begin}${describeOutcomes(outcomes)}\n${end}`,
  );
}

if (import.meta.main) {
  const outcomes = outcomesOf(replayAll());
  writeFileSync(page, withOutcomes(readFileSync(page, 'utf8'), outcomes));
}
