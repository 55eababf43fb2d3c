/** What would speak against a hypothesis, asked of the evidence at hand: one test for each kind of evidence, that of the strongest finding. */

import type { Context } from '../compare/comparison.ts';
import { fanIn, missedByCallers, othersReachThem, relayed } from '../evidence/refute/calls.ts';
import { oldVersionWell, ownTelemetry, restartFirst } from '../evidence/refute/event.ts';
import { loadBehind, moreSent, surgeReachesOn } from '../evidence/refute/load.ts';
import { calleesAccount, calleeTurnsAway, slowBehindInMesh } from '../evidence/refute/metric.ts';
import { sameServicesElsewhere } from '../evidence/refute/place.ts';
import { otherEnd, timeElsewhere } from '../evidence/refute/time.ts';
import { othersGoOn } from '../evidence/refute/truncated-calls.ts';
import { isSupport, type SupportName } from '../finding/finding.ts';
import { notRun, type Refutation, type RefutingTest, type Suspicion } from '../finding/refutation.ts';
import type { Candidate } from '../probability/candidate.ts';

const tests: Readonly<Record<SupportName, RefutingTest>> = {
  'self-time': timeElsewhere,
  'edge-gap': otherEnd,
  'own-errors': relayed,
  'silent-hop': fanIn,
  'caller-side': othersReachThem,
  steps: relayed,
  'error-lines': relayed,
  'lost-calls': calleeTurnsAway,
  'last-call': othersGoOn,
  resources: loadBehind,
  'service-metrics': calleesAccount,
  'mesh-latency': slowBehindInMesh,
  unreachable: (suspicion) => (suspicion.lead.reason === 'backlog' ? moreSent : fanIn)(suspicion),
  blind: missedByCallers,
  restarts: restartFirst,
  traffic: surgeReachesOn,
  'shared-place': sameServicesElsewhere,
  alerts: ownTelemetry,
  changes: oldVersionWell,
};

/** The test and how it went: `survived: ...`, `refuted: ...`, or `could not be run: ...` with the reason. */
export function refute(context: Context, candidate: Candidate, disturbed: ReadonlySet<string>): Refutation {
  const lead = candidate.findings.find(isSupport);
  const test = `if it were not ${candidate.service}, its telemetry would show it`;
  if (context.input.answer === null || lead === undefined) return notRun(test, 'no evidence is in yet');
  return refuteFinding({ context, lead, disturbed });
}

/** The test of one finding. */
export function refuteFinding(suspicion: Suspicion): Refutation {
  return tests[suspicion.lead.kind](suspicion);
}
