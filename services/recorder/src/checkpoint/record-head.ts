/** What a telemetry record says of itself in its headers, before its value is decoded. */
import type { TelemetryTopic } from '@faultline/model';

/** A record of the log, as much of it as recording needs. */
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
  /** The name of this block of its request: the same when the request is sent again. Empty when it has none. */
  readonly request: string;
}

/** Reads the headers; what is missing gets a stand-in. */
export function recordHead({ headers }: Pick<TelemetryRecord, 'headers'>): RecordHead {
  const items = Number(headers['items']);
  return {
    source: headers['source'] ?? 'unknown',
    items: Number.isSafeInteger(items) && items > 0 ? items : 1,
    request: headers['request'] ?? '',
  };
}
