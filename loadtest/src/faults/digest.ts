/** A digest of the store at the end of a run, read from ClickHouse, so that two runs can be compared exactly. */

export interface Digest {
  /** Spans by service, summed over the windows. */
  readonly callsByService: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly settledCalls: number;
  /** Rows of the raw table, and distinct ids among them. */
  readonly rawSpans: number;
  readonly distinctSpans: number;
  /** Log lines in the windows, and those without a span. */
  readonly lines: number;
  readonly linesWithoutSpan: number;
  /** For each window table: the number of keys, and a hash of all keys with their sums. */
  readonly windows: Readonly<Record<string, string>>;
  /** Number of incidents and members, and a hash of which alert is in which incident. */
  readonly members: string;
}

const windowTables = ['operation_windows', 'edge_windows', 'child_windows', 'template_windows', 'metric_windows'];

/** Runs a query. 64-bit numbers come as strings. Rejects with the server's message. */
export type AskClickHouse = <Row>(sql: string) => Promise<readonly Row[]>;

/** Over HTTP, in this database. */
export function askClickHouse(url: string, database: string): AskClickHouse {
  return async <Row>(sql: string) => {
    const query = new URLSearchParams({ database, default_format: 'JSONEachRow' });
    const response = await fetch(`${url}/?${query}`, { method: 'POST', body: sql });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 500)}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  };
}

/** Reads everything. The windows must have settled. */
export async function takeDigest(ask: AskClickHouse): Promise<Digest> {
  const settled = await settledState(ask);
  const services = await ask<{ Service: string; calls: string }>(
    'SELECT Service, sum(Calls) AS calls FROM operation_windows WHERE Calls > 0 GROUP BY Service ORDER BY Service',
  );
  const [raw] = await ask<{ spans: string; distinct: string }>(
    'SELECT count() AS spans, uniqExact(TraceId, SpanId) AS distinct FROM otel_traces',
  );
  const [lines] = await ask<{ lines: string; without: string }>(
    "SELECT sum(Lines) AS lines, sumIf(Lines, Operation = '') AS without FROM template_windows",
  );
  const windows: Record<string, string> = {};
  for (const table of windowTables) windows[table] = await windowDigest(ask, table);
  return {
    callsByService: Object.fromEntries(services.map(({ Service, calls }) => [Service, Number(calls)])),
    ...settled,
    rawSpans: Number(raw?.spans),
    distinctSpans: Number(raw?.distinct),
    lines: Number(lines?.lines),
    linesWithoutSpan: Number(lines?.without),
    windows,
    members: await memberDigest(ask),
  };
}

/** The two numbers are equal once every trace has settled. */
export async function settledState(ask: AskClickHouse): Promise<{ calls: number; settledCalls: number }> {
  const [row] = await ask<{ calls: string; settled: string }>(
    'SELECT sum(Calls) AS calls, sum(SettledCalls) AS settled FROM operation_windows',
  );
  return { calls: Number(row?.calls), settledCalls: Number(row?.settled) };
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Merges aggregates with their own function, so that the result does not depend on parts. */
export function windowDigestSql(table: string, columns: readonly Column[]): string {
  const parts = columns.map(({ name, type }) => {
    const aggregate = /^SimpleAggregateFunction\((\w+),/.exec(type)?.[1];
    return { name, aggregate };
  });
  const keys = parts.filter(({ aggregate }) => aggregate === undefined).map(({ name }) => name);
  // ClickHouse would substitute an alias that equals a column name into the other expressions.
  const sums = parts
    .filter(({ aggregate }) => aggregate !== undefined)
    .map(({ name, aggregate }) => `toString(${aggregate}(${name})) AS the_${name}`);
  const values = parts.map(({ name, aggregate }) => (aggregate === undefined ? `toString(${name})` : `the_${name}`));
  return `SELECT concat(toString(count()), ' ', hex(sum(sipHash64(${values.join(', ')})))) AS digest
FROM (SELECT ${[...keys, ...sums].join(', ')} FROM ${table} GROUP BY ${keys.join(', ')})`;
}

async function windowDigest(ask: AskClickHouse, table: string): Promise<string> {
  // An ephemeral column is only written.
  const columns = await ask<Column>(
    `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table}' AND default_kind != 'EPHEMERAL' ORDER BY position`,
  );
  const [row] = await ask<{ digest: string }>(windowDigestSql(table, columns));
  return row?.digest ?? '';
}

async function memberDigest(ask: AskClickHouse): Promise<string> {
  const [row] = await ask<{ digest: string }>(`SELECT concat(
    toString(uniqExact(IncidentId)), ' ', toString(count()), ' ',
    hex(sum(sipHash64(Tenant, Environment, IncidentId, Source, Fingerprint, toString(StartsAt))))) AS digest
FROM incident_alerts FINAL WHERE Membership = 'present'`);
  return row?.digest ?? '';
}
