import { setImmediate } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import type { Bus } from '@faultline/bus';
import { JournalAssembler, type JournalEntry, maxJournalEntryBytes } from '@faultline/model';

/** After this many entries other work of the process gets a turn. */
const entriesInARow = 20;

/** The entries of a scope that the log still holds, in order. Skips entries whose first part is gone. */
export async function* readJournal(bus: Bus, scopeKey: string): AsyncGenerator<JournalEntry> {
  const assembler = new JournalAssembler((bytes) =>
    zstdDecompressSync(bytes, { maxOutputLength: maxJournalEntryBytes }),
  );
  const partition = bus.partitionOf('journal', scopeKey);
  let entries = 0;
  for await (const record of bus.read({ topic: 'journal', partition, from: 0n })) {
    if (record.key !== scopeKey) continue;
    const decoded = assembler.take(record);
    if (decoded?.ok !== true) continue;
    yield decoded.value;
    entries += 1;
    if (entries % entriesInARow === 0) await setImmediate();
  }
}
