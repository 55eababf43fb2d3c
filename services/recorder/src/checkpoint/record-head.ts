/** Reads a telemetry record's headers, before its value is decoded. */
import type { TelemetryTopic } from '@faultline/model';

/** The parts of a log record that recording needs. */
export interface TelemetryRecord {
  readonly topic: TelemetryTopic;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordHead {
  readonly source: string;
  /** At least 1. */
  readonly items: number;
  /** The name of this block within its request; the same when the request is repeated. Empty when there is none. */
  readonly request: string;
}

/** Reads the headers. Missing ones get defaults. */
export function recordHead({ headers }: Pick<TelemetryRecord, 'headers'>): RecordHead {
  const items = Number(headers['items']);
  return {
    source: headers['source'] ?? 'unknown',
    items: Number.isSafeInteger(items) && items > 0 ? items : 1,
    request: headers['request'] ?? '',
  };
}
