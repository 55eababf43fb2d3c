/** What would speak against a hypothesis, asked of the evidence at hand: one test for each kind of evidence, that of the strongest finding. */

import type { Candidate } from '../candidate.ts';
import type { Context } from '../context.ts';
import { isSupport, type SupportName } from '../finding.ts';
import { fanIn, missedByCallers, othersReachThem, relayed } from './calls.ts';
import { oldVersionWell, ownTelemetry, restartFirst } from './event.ts';
import { othersGoOn } from './last-call.ts';
import { loadBehind, moreSent, surgeReachesOn } from './load.ts';
import { calleesAccount, calleeTurnsAway, slowBehindInMesh } from './metric.ts';
import { notRun, type Refutation, type RefutingTest, type Suspicion } from './outcome.ts';
import { sameServicesElsewhere } from './place.ts';
import { otherEnd, timeElsewhere } from './time.ts';

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
