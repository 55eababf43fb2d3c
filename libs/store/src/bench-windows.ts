/** Fills an embedded store with windows of a large system, made by the engine itself: for measuring how long questions take. Not for production. */
import { openEmbedded } from './embedded.ts';
import { openEngine } from './engine.ts';
import { migrate, readMigrations } from './migration.ts';

/** How large the system is. Each service calls `callees` others. */
export interface SystemSize {
  readonly services: number;
  readonly instances: number;
  readonly operations: number;
  readonly callees: number;
  /** Calls of an operation and instance in one window. */
  readonly callsPerWindow: number;
  /** Multiples of 10 s. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Metrics were there so long before, in periods. */
  readonly farPastMs: number;
}

const scope = "'bench' AS Tenant, 'bench' AS Environment";
const name = (number: string) => `concat('service-', toString(${number}))`;
const operationName = (number: string) => `concat('GET /api/resource/', toString(${number}), '/item')`;
/** One of sixty machines. */
const nodeName = (instance: string) => `concat('node-', toString(cityHash64(${instance}) % 60))`;
/** Latencies spread over a dozen buckets, the middle ones fullest; which dozen depends on `key`. */
const histogram = (key: string, calls: string, salt: number) =>
  `sumMap(map(toInt16(80 + ${key} % 24 + intDiv(cityHash64(${key}, window, call, ${salt}) % 12 + cityHash64(${key}, window, call, ${salt + 1}) % 12, 2)), toUInt64(1 + intDiv(${calls}, 16))))`;

/** Writes the windows into the folder of a store that is not open. Scope: tenant and environment `bench`. */
export async function fillWindows(folder: string, size: SystemSize): Promise<void> {
  const connect = await openEmbedded(folder);
  const engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1 });
  try {
    await migrate(engine, readMigrations(), Date.now);
    for (const sql of statements(size)) await engine.command(sql);
  } finally {
    await engine.close();
  }
}

function statements(size: SystemSize): readonly string[] {
  const fromSecond = size.fromMs / 1_000;
  const windows = (size.toMs - size.fromMs) / 10_000;
  const windowStart = `toDateTime(${fromSecond} + window * 10, 'UTC') AS WindowStart`;
  const keys = size.services * size.instances * size.operations;
  const edges = size.services * size.callees;
  const calls = String(size.callsPerWindow);
  const callee = `(intDiv(key, ${size.callees}) + 1 + key % ${size.callees} * 7) % ${size.services}`;
  // Sixteen calls of each key and window are made up, each standing for its part of them.
  const made = (count: number) =>
    `(SELECT intDiv(number, ${windows * 16}) AS key, intDiv(number, 16) % ${windows} AS window, number % 16 AS call FROM numbers(${count * windows * 16}))`;
  return [
    `INSERT INTO operation_windows (Tenant, Environment, WindowStart, Service, Operation, Kind, Instance, Version, Node, Zone, Calls, Errors, Duration, SettledCalls, OwnErrors, Self, LastSeen)
SELECT ${scope}, ${windowStart}, ${name(`intDiv(key, ${size.instances * size.operations})`)} AS Service,
  ${operationName(`key % ${size.operations}`)} AS Operation, if(key % 2 = 0, 'server', 'client') AS Kind,
  concat(Service, '-', toString(intDiv(key, ${size.operations}) % ${size.instances})) AS Instance, '1.0.0', ${nodeName('Instance')}, 'zone',
  ${calls}, if(cityHash64(key, window) % 50 = 0, 1, 0), ${histogram('key', calls, 0)}, ${calls}, 0, ${histogram('key', calls, 5)},
  toDateTime64(WindowStart, 3, 'UTC')
FROM ${made(keys)} GROUP BY key, window`,
    `INSERT INTO edge_windows (Tenant, Environment, WindowStart, Caller, Callee, Operation, Source, CallerInstance, CalleeInstance, Calls, Errors, Duration, Gap, LastSeen)
SELECT ${scope}, ${windowStart}, ${name(`intDiv(key, ${size.callees})`)} AS Caller, ${name(callee)} AS Callee,
  ${operationName(`window % ${size.operations}`)}, 'trace', concat(Caller, '-', toString(window % ${size.instances})),
  concat(Callee, '-', toString(intDiv(window, 3) % ${size.instances})), ${calls}, 0, ${histogram('key', calls, 0)}, ${histogram('key', calls, 5)},
  toDateTime64(WindowStart, 3, 'UTC')
FROM ${made(edges * 3)} GROUP BY key, window`.replaceAll('intDiv(key, ', 'intDiv(intDiv(key, 3), '),
    `INSERT INTO child_windows SELECT ${scope}, ${windowStart}, ${name(`intDiv(key, ${size.operations * 2})`)}, ${operationName(`intDiv(key, 2) % ${size.operations}`)},
  ${name(`(intDiv(key, ${size.operations * 2}) + 1 + key % 2) % ${size.services}`)}, ${operationName('key % 3')}, ${calls}, ${calls}, 0
FROM (SELECT intDiv(number, ${windows}) AS key, number % ${windows} AS window FROM numbers(${size.services * size.operations * 2 * windows}))`,
    `INSERT INTO template_windows SELECT ${scope}, ${windowStart}, ${name(`intDiv(key, ${size.operations * 2})`)} AS Service, ${operationName(`intDiv(key, 2) % ${size.operations}`)},
  hex(cityHash64(key)), concat(Service, '-0'), concat('handled request of kind ', toString(key % 2), ' in <*> ms for <*>'), 9, ${calls}, ${calls}
FROM (SELECT intDiv(number, ${windows}) AS key, number % ${windows} AS window FROM numbers(${size.services * size.operations * 2 * windows}))`,
    `INSERT INTO metric_windows SELECT ${scope}, ${windowStart}, ${name(`intDiv(key, ${size.instances * 4})`)} AS Service, ['container.cpu.usage', 'http.server.request.duration', 'container.memory.usage', 'db.client.operation.errors'][key % 4 + 1], cityHash64(key),
  concat(Service, '-', toString(intDiv(key, 4) % ${size.instances})) AS Instance, ${nodeName('Instance')}, 'zone', '1', '', if(key % 2 = 0, 'gauge', 'counter'), 1, window % 17, 1, window % 17, window % 17,
  (toDateTime64(WindowStart, 3, 'UTC'), toFloat64(if(key % 2 = 0, window % 17, window * 5)), 1.),
  (toDateTime64(WindowStart, 3, 'UTC'), toFloat64(if(key % 2 = 0, window % 17, window * 5)), 1.)
FROM (SELECT intDiv(number, ${windows / 3}) AS key, number % ${windows / 3} * 3 AS window FROM numbers(${(size.services * size.instances * 4 * windows) / 3}))`,
    `INSERT INTO metric_periods SELECT ${scope}, Service, toUInt8(intDiv(toUnixTimestamp(WindowStart), 300) % 29) AS Part, toDateTime(${Math.floor(fromSecond / 300) * 300} - period * 300, 'UTC') AS WindowStart,
  Metric, Series, Node, Shape, 10 * (period % 17), 10, (toDateTime64(WindowStart, 3, 'UTC'), 0., 1.), (toDateTime64(WindowStart, 3, 'UTC') + 270, toFloat64(period % 17), 10.)
FROM (SELECT DISTINCT Service, Metric, Series, Node, Shape FROM metric_windows) AS series CROSS JOIN (SELECT number + 1 AS period FROM numbers(${Math.floor(size.farPastMs / 300_000)})) AS periods`,
    // Weeks ago: merged long since.
    'OPTIMIZE TABLE metric_periods FINAL',
  ];
}
