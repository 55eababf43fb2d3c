/** Finds alerts by a text that people remember of them. */
import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded } from './statement.ts';

export interface AlertSearch {
  readonly tenant: string;
  /** Part of a fingerprint or name, in any case, or the whole value of a label. */
  readonly text: string;
  /** Received since. */
  readonly sinceMs: number;
}

export interface AlertMatch {
  readonly source: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly receivedAtMs: number;
}

const maxMatches = 10;

/** The `AlertMatch`es, each as it was last received, last received first. */
export function alertSearchStatement(search: AlertSearch, budget: Budget): Statement {
  return bounded(
    `SELECT
    Source AS source,
    Fingerprint AS fingerprint,
    Name AS name,
    Status AS status,
    toUnixTimestamp64Milli(ReceivedAt) AS receivedAtMs
FROM alerts
WHERE Tenant = {tenant:String} AND ReceivedAt >= fromUnixTimestamp64Milli({sinceMs:Int64})
    AND (positionCaseInsensitiveUTF8(Fingerprint, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(Name, {text:String}) > 0
        OR has(mapValues(Labels), {text:String}))
ORDER BY receivedAtMs DESC, source, fingerprint
LIMIT 1 BY source, fingerprint
LIMIT ${maxMatches}`,
    { ...search },
    budget,
  );
}

export async function searchAlerts(
  engine: Pick<Engine, 'select'>,
  search: AlertSearch,
  budget: Budget,
): Promise<readonly AlertMatch[]> {
  return await engine.select<AlertMatch>(alertSearchStatement(search, budget));
}
