import type { LogRecord, OutgoingRecord } from '../port.ts';
import type { SchemaIds } from './schema-ids.ts';
import { readWire, toWire, withoutMark } from './wire.ts';

/**
 * Converts records between the services' form (Avro single-object encoding) and the log's (Confluent's wire format).
 */
export interface Conversion {
  writeAll(records: readonly OutgoingRecord[]): readonly OutgoingRecord[];
  /** Rejects when the registry is needed and does not respond. None of the records is returned then. */
  readAll(records: readonly LogRecord[]): Promise<readonly LogRecord[]>;
  read(record: LogRecord): Promise<LogRecord>;
}

export function createConversion(ids: SchemaIds): Conversion {
  const read = async (record: LogRecord): Promise<LogRecord> => {
    const wire = readWire(record);
    if (wire === null) return withoutMark(record);
    const translate = await ids.translator(wire.id);
    return translate === null ? record : withTranslated(record, () => translate(wire.body));
  };
  return {
    writeAll: (records) => records.map((record) => toWire(record, ids.idOf)),
    readAll: async (records) => {
      const converted: LogRecord[] = [];
      for (const record of records) converted.push(await read(record));
      return converted;
    },
    read,
  };
}

/** A body that does not fit its schema is left unchanged. The reader will refuse it and keep the original bytes. */
function withTranslated(record: LogRecord, translated: () => Uint8Array): LogRecord {
  try {
    return { ...record, value: translated() };
  } catch {
    return record;
  }
}
