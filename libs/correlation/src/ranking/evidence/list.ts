/** All kinds of evidence. A new kind is one file here, its test, one line in this list, and its refuting test in `refute/` (ADR 0007, 0017). */
import type { EvidenceKind } from '../finding/finding.ts';
import { alerts } from './alerts.ts';
import { callerSide } from './caller-side.ts';
import { errorLines } from './error-lines.ts';
import { sharedPlace } from './failure-domain.ts';
import { lostCalls } from './lost-calls.ts';
import { meshLatency } from './mesh-latency.ts';
import { edgeGap } from './network-latency.ts';
import { ownErrors } from './originating-errors.ts';
import { steps } from './pattern-shift.ts';
import { resources } from './resources.ts';
import { restarts } from './restarts.ts';
import { selfTime } from './self-time.ts';
import { serviceMetrics } from './service-metrics.ts';
import { blind } from './telemetry-gap.ts';
import { traffic } from './traffic.ts';
import { lastCall } from './truncated-calls.ts';
import { silentHop } from './uninstrumented-dependency.ts';
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
