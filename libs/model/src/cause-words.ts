import type { CauseKind } from './incident.ts';

/** A cause kind as people read it, after the name of the service: `orders-db slow`. Page, console and titles use these words. */
export const causeWords: Readonly<Record<CauseKind, string>> = {
  cpu: 'out of CPU',
  memory: 'short of memory',
  disk: 'slow or full disk',
  network: 'network problem',
  dns: 'DNS failing',
  error: 'returning errors',
  latency: 'slow',
  down: 'down',
  pool: 'connection pool exhausted',
  queue: 'queue backing up',
  dependency: 'external dependency failing',
  code: 'code fault',
  config: 'configuration fault',
  credential: 'credentials rejected',
  traffic: 'overloaded by traffic',
  node: 'node problem',
  zone: 'zone problem',
  blind: 'sends no telemetry',
};
