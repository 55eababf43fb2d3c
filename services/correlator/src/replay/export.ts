/** Exports, offline: replays them and compares, and writes down what this release makes of them. */
import { createCore, planEvidence, rankHypotheses } from '@faultline/correlation';
import { type ExpectedRevision, formatJournalFile, type JournalFile, parseJournalFile } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import { type Revision, replayJournal } from './replay.ts';

const core = createCore({ rankHypotheses, planEvidence });

export interface ReplayReport {
  /** One line for each revision, and for each that is not as it was. */
  readonly lines: readonly string[];
  readonly same: boolean;
}

/** Replays an export and compares each revision with what was published. Throws CORRELATOR_JOURNAL_UNREADABLE. */
export function replayExport(text: string): ReplayReport {
  const { entries, revisions: expected } = readFile(text);
  const { revisions, before } = replayJournal(entries, core);
  const hashes = new Map(expected.map((was) => [keyOf(was), was.hash]));
  const lines = revisions.map((revision) => `${verdictOn(revision, hashes)} ${describe(revision)}`);
  const replayed = new Set(revisions.map(({ incident: { id, revision } }) => `${id}/${revision}`));
  const lost = expected
    .filter((was) => !replayed.has(keyOf(was)) && was.revision > (before.get(was.incidentId) ?? 0))
    .map((was) => `LOST ${was.incidentId} r${was.revision}`);
  const same = lost.length === 0 && lines.every((line) => !line.startsWith('DIFFERS'));
  return { lines: [...lines, ...lost], same: same && lines.some((line) => line.startsWith('same')) };
}

/**
 * The export with the hash of every revision. Where the log no longer has one as it was published, the revision that
 * this release makes stands in. A later release can then be compared with it. Throws CORRELATOR_JOURNAL_UNREADABLE.
 */
export function completeExport(text: string): string {
  const file = readFile(text);
  const known = new Map(file.revisions.map((was) => [keyOf(was), was]));
  for (const { incident, hash } of replayJournal(file.entries, core).revisions) {
    const made = { incidentId: incident.id, revision: incident.revision, hash };
    if (!known.has(keyOf(made))) known.set(keyOf(made), made);
  }
  return formatJournalFile({ ...file, revisions: [...known.values()] });
}

/** Throws CORRELATOR_JOURNAL_UNREADABLE. */
export function readFile(text: string): JournalFile {
  const file = parseJournalFile(text);
  if (file.ok) return file.value;
  throw new AppError('CORRELATOR_JOURNAL_UNREADABLE', `the export cannot be read: ${file.reason}`, {
    kind: 'permanent',
  });
}

function keyOf({ incidentId, revision }: Pick<ExpectedRevision, 'incidentId' | 'revision'>): string {
  return `${incidentId}/${revision}`;
}

/** `replayed`: the file does not say what it was. */
function verdictOn({ incident: { id, revision }, hash }: Revision, hashes: ReadonlyMap<string, string>): string {
  const was = hashes.get(`${id}/${revision}`);
  if (was === undefined) return 'replayed';
  return was === hash ? 'same' : 'DIFFERS';
}

function describe({ incident }: Revision): string {
  const cause = incident.hypotheses[0];
  const blamed = cause === undefined ? 'no hypothesis' : `${cause.cause.service} ${cause.cause.kind}`;
  const time = new Date(incident.updatedAtMs).toISOString();
  return `${time} ${incident.id} r${incident.revision} ${incident.status} ${incident.verdict} (${blamed}) ${incident.title}`;
}
