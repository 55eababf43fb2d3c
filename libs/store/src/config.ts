import { secret } from '@faultline/runtime';
import { z } from 'zod';

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
  rawDays: z.int().min(1).max(3650).default(7).describe('Days to keep raw spans, log lines and metric points.'),
  windowDays: z.int().min(1).max(3650).default(42).describe('Days to keep the 10 s windows. History is kept for ever.'),
  maxQueryMs: z.int().min(100).max(600_000).default(10_000).describe('Longest time that one query may take, ms.'),
});

export type StoreConfig = z.infer<typeof storeConfig>;
