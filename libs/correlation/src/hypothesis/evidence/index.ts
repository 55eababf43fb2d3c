/** All kinds of evidence. A new kind is one file here, its test, one line in this list, and its refuting test in `refute/` (ADR 0007, 0017). */
import type { EvidenceKind } from '../finding.ts';
import { alerts } from './alerts.ts';
import { blind } from './blind.ts';
import { callerSide } from './caller-side.ts';
import { edgeGap } from './edge-gap.ts';
import { errorLines } from './error-lines.ts';
import { lastCall } from './last-call.ts';
import { lostCalls } from './lost-calls.ts';
import { meshLatency } from './mesh-latency.ts';
import { ownErrors } from './own-errors.ts';
import { resources } from './resources.ts';
import { restarts } from './restarts.ts';
import { selfTime } from './self-time.ts';
import { serviceMetrics } from './service-metrics.ts';
import { sharedPlace } from './shared-place.ts';
import { silentHop } from './silent-hop.ts';
import { steps } from './steps.ts';
import { traffic } from './traffic.ts';
import { unreachable } from './unreachable.ts';

export const evidenceKinds: readonly EvidenceKind[] = [
  selfTime,
  edgeGap,
  ownErrors,
  silentHop,
  callerSide,
  steps,
  errorLines,
  lostCalls,
  lastCall,
  resources,
  serviceMetrics,
  meshLatency,
  unreachable,
  blind,
  restarts,
  traffic,
  sharedPlace,
  alerts,
];
