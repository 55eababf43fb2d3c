/** A lane's state without a log, for tests. */
import { createLedger } from '../cut/ledger.ts';
import { createRequestMemory } from '../cut/requests.ts';
import type { LaneState } from '../cut/state.ts';
import { createInterner } from '../join/intern.ts';
import { createTraceJoin, type JoinMarks } from '../join/join.ts';
import { createMeshCounters } from '../mesh/counters.ts';

export function newState(marks?: JoinMarks, maxItems = 1_000): LaneState {
  const late = { rememberMs: 120_000, maxItems };
  const interner = createInterner();
  const rule = { settleMs: 10_000, maxAgeMs: 60_000 };
  return {
    partition: 0,
    interner,
    join: createTraceJoin({ rule, late, interner, ...(marks === undefined ? {} : { marks }) }),
    mesh: createMeshCounters(),
    requests: createRequestMemory([]),
    ledger: createLedger('recorder-0', []),
    positions: { spans: 0n, logs: 0n, metrics: 0n },
    lifts: [],
  };
}
