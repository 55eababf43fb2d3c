/** The export of an incident from a test's log, as query makes it. */
import { zstdDecompressSync } from 'node:zlib';
import type { Bus } from '@faultline/bus';
import {
  correlationKey,
  cutJournal,
  formatJournalFile,
  JournalAssembler,
  type JournalEntry,
  revisionHash,
} from '@faultline/model';
import { revisions } from './harness.ts';

export async function exportOf(bus: Bus, incidentId: string): Promise<string> {
  const entries = await cutJournal(readAll(bus), incidentId);
  const published = (await revisions(bus)).filter(({ scope }) => entries[0]?.scopeKey === correlationKey(scope));
  const expected = published.map((incident) => ({
    incidentId: incident.id,
    revision: incident.revision,
    hash: revisionHash(incident),
  }));
  return formatJournalFile({ incidentId, entries, revisions: expected });
}

async function* readAll(bus: Bus): AsyncGenerator<JournalEntry> {
  for (let partition = 0; partition < bus.partitionCount('journal'); partition += 1) {
    const assembler = new JournalAssembler((bytes) => zstdDecompressSync(bytes));
    for await (const record of bus.read({ topic: 'journal', partition, from: 0n })) {
      const decoded = assembler.take(record);
      if (decoded?.ok === true) yield decoded.value;
    }
  }
}
