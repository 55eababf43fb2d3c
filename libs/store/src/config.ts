import { secret } from '@faultline/runtime';
import { z } from 'zod';

/** How tables are laid out on a cluster. */
const clusterConfig = z.strictObject({
  name: z
    .string()
    .regex(/^([A-Za-z_][A-Za-z0-9_-]*)?$/)
    .default('')
    .describe('Name of the cluster in the servers’ `remote_servers`. Empty: a single server.'),
  path: z
    .string()
    .min(1)
    .default('/clickhouse/tables/{shard}/{database}/{table}')
    .describe('Path of a replicated table in Keeper. Each server fills in the macros in braces.'),
  replica: z.string().min(1).default('{replica}').describe('Name of a replica in that path.'),
  acknowledge: z
    .enum(['majority', 'one'])
    .default('majority')
    .describe('How many replicas of a shard must have a row before it counts as written.'),
});

export type StoreClusterConfig = z.infer<typeof clusterConfig>;

/** The section `store` of the configuration. */
export const storeConfig = z.strictObject({
  kind: z
    .enum(['embedded', 'server'])
    .default('embedded')
    .describe(
      'Where ClickHouse runs. `embedded`: in this process, on a folder. `server`: a ClickHouse server over HTTP.',
    ),
  folder: z
    .string()
    .min(1)
    .default('data/store')
    .describe('Embedded: folder of the data. Only one process may use it at a time.'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8123')
    .describe('Server: base URL of its HTTP interface.'),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('default')
    .describe('Server: name of the database, which must exist. Embedded: always `default`.'),
  user: z.string().min(1).default('default').describe('Server: user name.'),
  password: secret().optional().describe('Server: password. Default: none.'),
  cluster: clusterConfig
    .prefault({})
    .describe('Server: layout of the tables on a cluster. Cannot be changed after the tables are created.'),
  requestTimeoutMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('Server: timeout of an insert or a schema change, ms. After that the server counts as unavailable.'),
  retryMaxMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(5_000)
    .describe(
      'Server: longest pause between attempts to create the tables, when the server was down at the start, ms.',
    ),
  evidenceServices: z
    .int()
    .min(8)
    .max(500)
    .default(24)
    .describe(
      'In a system of more than 64 services, evidence covers at most this many services around those that alerts name.',
    ),
  rawDays: z
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe('Retention of raw spans, log lines and metric points, in days.'),
  windowDays: z
    .int()
    .min(1)
    .max(3650)
    .default(42)
    .describe('Retention of the 10 s windows, in days. History is kept for ever.'),
  maxQueryMs: z.int().min(100).max(600_000).default(10_000).describe('Timeout of one query, ms.'),
});

export type StoreConfig = z.infer<typeof storeConfig>;
