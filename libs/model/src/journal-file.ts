/**
 * The file of an export: JSON lines. First a header, then the journal's entries, last the hashes of the revisions that they led to, as far
 * as known. It holds alerts, changes, commands and evidence as they arrived: check it before you attach it to a report.
 */
import type { Decoded } from './codec.ts';
import { codecs } from './codec.ts';
import { contentId } from './hash.ts';
import type { Incident } from './incident.ts';
import type { JournalEntry } from './journal.ts';

const formatVersion = 1;

export interface ExpectedRevision {
  readonly incidentId: string;
  readonly revision: number;
  readonly hash: string;
}

export interface JournalFile {
  readonly incidentId: string;
  readonly entries: readonly JournalEntry[];
  readonly revisions: readonly ExpectedRevision[];
}

/** The hash of an incident's bytes on the topic. */
export function revisionHash(incident: Incident): string {
  return contentId(Buffer.from(codecs.incident.encode(incident)).toString('hex'));
}

/** The text of a file. */
export function formatJournalFile({ incidentId, entries, revisions }: JournalFile): string {
  const head = { kind: 'faultline-journal', version: formatVersion, incidentId };
  return `${[head, ...entries, { kind: 'revisions', revisions }].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** Parses a file. The reason says what is wrong with one that is no export, or is cut off. */
export function parseJournalFile(text: string): Decoded<JournalFile> {
  const lines: unknown[] = [];
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    try {
      lines.push(JSON.parse(line));
    } catch {
      return { ok: false, reason: `line ${index + 1} is not JSON` };
    }
  }
  const head = lines[0] as { kind?: string; version?: number; incidentId?: string } | undefined;
  const tail = lines.at(-1) as { kind?: string; revisions?: ExpectedRevision[] } | undefined;
  if (head?.kind !== 'faultline-journal') return { ok: false, reason: 'not an export of Faultline' };
  if (head.version !== formatVersion) return { ok: false, reason: `format ${head.version} is not known here` };
  if (tail?.kind !== 'revisions') return { ok: false, reason: 'the last line is missing: the file is cut off' };
  const entries = lines.slice(1, -1) as JournalEntry[];
  return { ok: true, value: { incidentId: head.incidentId ?? '', entries, revisions: tail.revisions ?? [] } };
}
