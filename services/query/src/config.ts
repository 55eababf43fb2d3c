import { tlsConfig } from '@faultline/runtime';
import { z } from 'zod';

/** The `query` section. */
export const queryConfig = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of the gRPC server. Another than loopback needs `auth.tokens`.'),
  port: z.int().min(0).max(65535).default(50051).describe('Port of the gRPC server. 0: any free one.'),
  tls: tlsConfig,
  commandTimeoutMs: z
    .int()
    .min(0)
    .default(5000)
    .describe('How long a command waits for the revision it makes; after that it answers `accepted`.'),
  storeTimeoutMs: z.int().min(1).default(5000).describe('How long an answer waits for the store.'),
  heartbeatMs: z
    .int()
    .min(100)
    .default(15_000)
    .describe('A quiet watch says something this often, so that proxies keep it open.'),
  maxWatchers: z.int().min(1).default(500).describe('Watches at one time; one more is refused.'),
  consoleFolder: z
    .string()
    .nullable()
    .default(null)
    .describe('The built console, served at `/`. Null: the one built in this checkout. Empty: no console.'),
});
export type QueryConfig = z.infer<typeof queryConfig>;
