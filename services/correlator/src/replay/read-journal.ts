import type { Bus } from '@faultline/bus';
import type { JournalEntry } from '@faultline/model';
import { JournalAssembler } from '../journal-record.ts';

/** All entries that the log still holds, each scope's in order. Parts whose first half is no longer kept are skipped. */
export async function* readJournal(bus: Bus): AsyncGenerator<JournalEntry> {
  for (let partition = 0; partition < bus.partitionCount('journal'); partition += 1) {
    const assembler = new JournalAssembler();
    for await (const record of bus.read({ topic: 'journal', partition, from: 0n })) {
      const decoded = assembler.take(record);
      if (decoded?.ok === true) yield decoded.value;
    }
  }
}
