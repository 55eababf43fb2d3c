import type { Bus } from '@faultline/bus';
import { createCore, planEvidence, rankHypotheses } from '@faultline/correlation';
import { codecs } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import { cutJournal } from './cut.ts';
import { type ExpectedRevision, formatJournalFile, parseJournalFile } from './journal-file.ts';
import { readJournal } from './read-journal.ts';
import { hashOf, replayJournal } from './replay.ts';

const core = createCore({ rankHypotheses, planEvidence });

/**
 * The export of one incident: a text that replays it offline. Where the log still holds a revision as it was published, its bytes are what
 * the replay has to give. Throws CORRELATOR_INCIDENT_NOT_FOUND.
 */
export async function exportIncident(bus: Bus, incidentId: string): Promise<string> {
  const entries = await cutJournal(readJournal(bus), incidentId, core);
  if (entries.length === 0)
    throw new AppError(
      'CORRELATOR_INCIDENT_NOT_FOUND',
      `no journal entry leads to incident ${incidentId}: check the id; the journal is kept for 14 days`,
      { kind: 'permanent' },
    );
  const published = await publishedHashes(bus);
  const revisions = replayJournal(entries, core).map(({ incident, hash }): ExpectedRevision => {
    const live = published.get(`${incident.id}/${incident.revision}`);
    return { incidentId: incident.id, revision: incident.revision, hash: live ?? hash };
  });
  return formatJournalFile({ incidentId, entries, revisions });
}

async function publishedHashes(bus: Bus): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (let partition = 0; partition < bus.partitionCount('incidents'); partition += 1)
    for await (const { value } of bus.read({ topic: 'incidents', partition, from: 0n })) {
      const decoded = value === null ? null : codecs.incident.decode(value);
      if (decoded?.ok === true) hashes.set(`${decoded.value.id}/${decoded.value.revision}`, hashOf(decoded.value));
    }
  return hashes;
}

export interface ReplayReport {
  /** One line for each revision, and for each that is not as it was. */
  readonly lines: readonly string[];
  readonly same: boolean;
}

/** Replays an export and compares each revision with what was published. Throws CORRELATOR_JOURNAL_UNREADABLE. */
export function replayExport(text: string): ReplayReport {
  const file = parseJournalFile(text);
  if (!file.ok)
    throw new AppError('CORRELATOR_JOURNAL_UNREADABLE', `the export cannot be read: ${file.reason}`, {
      kind: 'permanent',
    });
  const { entries, revisions: expected } = file.value;
  const revisions = replayJournal(entries, core);
  const lines = revisions.map(({ incident, hash }, index) => {
    const was = expected[index];
    const same = was?.hash === hash && was.incidentId === incident.id && was.revision === incident.revision;
    const cause = incident.hypotheses[0];
    const blamed = cause === undefined ? 'no hypothesis' : `${cause.cause.service} ${cause.cause.kind}`;
    const time = new Date(incident.updatedAtMs).toISOString();
    const text = `${time} ${incident.id} r${incident.revision} ${incident.status} ${incident.verdict} (${blamed}) ${incident.title}`;
    return `${same ? 'same' : 'DIFFERS'} ${text}`;
  });
  const lost = expected.slice(revisions.length).map((was) => `LOST ${was.incidentId} r${was.revision}`);
  const same = lost.length === 0 && lines.every((line) => line.startsWith('same'));
  return { lines: [...lines, ...lost], same };
}
