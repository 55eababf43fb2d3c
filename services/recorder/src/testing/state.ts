/** The state of a partition without a log, for tests. */
import { createLedger } from '../checkpoint/ledger.ts';
import { createRequestMemory } from '../checkpoint/requests.ts';
import type { PartitionState } from '../checkpoint/state.ts';
import { createInterner } from '../join/intern.ts';
import { createTraceJoin, type JoinMarks } from '../join/join.ts';
import { createMeshCounters } from '../mesh/counters.ts';
import { createContainerUsage } from '../usage/counters.ts';

export function newState(marks?: JoinMarks, maxItems = 1_000): PartitionState {
  const late = { rememberMs: 120_000, maxItems };
  const interner = createInterner();
  const rule = { settleMs: 10_000, maxAgeMs: 60_000 };
  return {
    partition: 0,
    interner,
    join: createTraceJoin({ rule, late, interner, ...(marks === undefined ? {} : { marks }) }),
    mesh: createMeshCounters(),
    usage: createContainerUsage(),
    requests: createRequestMemory([]),
    ledger: createLedger('recorder-0', []),
    positions: { spans: 0n, logs: 0n, metrics: 0n },
    lateOverrides: [],
  };
}
