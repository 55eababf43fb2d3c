import { expect, it } from 'vitest';
import { decideRecovery } from './recovery.ts';

const limits = { resolveHoldMs: 5, resolveBlindMs: 10, resolveAnywayMs: 100 };

it.each([
  ['recovered, but the hold has not passed', { reachable: true, degraded: false, quietMs: 4 }, null],
  ['recovered', { reachable: true, degraded: false, quietMs: 5 }, 'recovered'],
  ['still degraded', { reachable: true, degraded: true, quietMs: 99 }, null],
  ['degraded for good', { reachable: true, degraded: true, quietMs: 100 }, 'still-degraded'],
  ['not readable for a short time', { reachable: false, degraded: true, quietMs: 9 }, null],
  ['not readable for long', { reachable: false, degraded: true, quietMs: 10 }, 'no-evidence'],
  ['not readable: recovery is not assumed', { reachable: false, degraded: false, quietMs: 9 }, null],
])('%s', (_what, quiet, kind) => {
  expect(decideRecovery(quiet, limits)?.kind ?? null).toBe(kind);
});
