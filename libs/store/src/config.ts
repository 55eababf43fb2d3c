import { secret } from '@faultline/runtime';
import { z } from 'zod';

/** How tables lie on a cluster. */
const clusterConfig = z.strictObject({
  name: z
    .string()
    .regex(/^([A-Za-z_][A-Za-z0-9_-]*)?$/)
    .default('')
    .describe('The cluster, as `remote_servers` of the servers names it. Empty: one server.'),
  path: z
    .string()
    .min(1)
    .default('/clickhouse/tables/{shard}/{database}/{table}')
    .describe('Where replicas of a table meet in Keeper; macros in braces are filled in by each server.'),
  replica: z.string().min(1).default('{replica}').describe('The name of a replica there.'),
  acknowledge: z
    .enum(['majority', 'one'])
    .default('majority')
    .describe('How many replicas of a shard must have a row before its record counts as recorded.'),
});

export type StoreClusterConfig = z.infer<typeof clusterConfig>;

/** Where telemetry, windows and history are kept. */
export const storeConfig = z.strictObject({
  kind: z
    .enum(['embedded', 'server'])
    .default('embedded')
    .describe(
      '`embedded`: the ClickHouse engine in this process, on a folder. `server`: a ClickHouse server over HTTP.',
    ),
  folder: z.string().min(1).default('data/store').describe('Embedded: where the data is. One process at a time.'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8123')
    .describe('Server: its HTTP address.'),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('default')
    .describe('Server: the database, which must exist. Embedded: always `default`.'),
  user: z.string().min(1).default('default').describe('Server: the user.'),
  password: secret().optional().describe('Server: the password; none when left out.'),
  cluster: clusterConfig.prefault({}).describe('Server: how tables are replicated and spread. Not changed later.'),
  requestTimeoutMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('Server: longest wait for an insert or a change of tables, ms; then it counts as unavailable.'),
  retryMaxMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(5_000)
    .describe('Server: longest pause between tries to make the tables ready, when it was away at the start, ms.'),
  evidenceServices: z
    .int()
    .min(8)
    .max(500)
    .default(24)
    .describe('In a system of more than 64 services: how many around those that alerts name are looked at.'),
  rawDays: z.int().min(1).max(3650).default(7).describe('Days to keep raw spans, log lines and metric points.'),
  windowDays: z.int().min(1).max(3650).default(42).describe('Days to keep the 10 s windows. History is kept for ever.'),
  maxQueryMs: z.int().min(100).max(600_000).default(10_000).describe('Longest time that one query may take, ms.'),
});

export type StoreConfig = z.infer<typeof storeConfig>;
