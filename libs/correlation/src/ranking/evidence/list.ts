/** All kinds of evidence. To add one: one file in this folder, and one line in one of these lists (see CONTRIBUTING.md). */
import { callersUnaffected } from './against/callers-unaffected.ts';
import { noUserVisibleChange } from './against/no-user-visible-change.ts';
import { notUpstream } from './against/not-upstream.ts';
import { onsetAfterIncident } from './against/onset-after-incident.ts';
import { refutedTest } from './against/refuted-test.ts';
import { rejectedBefore } from './against/rejected-before.ts';
import { alerts } from './alerts.ts';
import { callerSide } from './caller-side.ts';
import { changes } from './changes.ts';
import { errorLines } from './error-lines.ts';
import { failureDomain } from './failure-domain.ts';
import { lostCalls } from './lost-calls.ts';
import { meshLatency } from './mesh-latency.ts';
import { nameResolution } from './name-resolution.ts';
import { networkLatency } from './network-latency.ts';
import { originatingErrors } from './originating-errors.ts';
import { patternShift } from './pattern-shift.ts';
import { resources } from './resources.ts';
import { restarts } from './restarts.ts';
import { selfTime } from './self-time.ts';
import { serviceMetrics } from './service-metrics.ts';
import { telemetryGap } from './telemetry-gap.ts';
import { traffic } from './traffic.ts';
import { truncatedCalls } from './truncated-calls.ts';
import { uninstrumentedDependency } from './uninstrumented-dependency.ts';
import { unreachable } from './unreachable.ts';

export const evidenceKinds = [
  selfTime,
  networkLatency,
  originatingErrors,
  uninstrumentedDependency,
  callerSide,
  patternShift,
  errorLines,
  lostCalls,
  truncatedCalls,
  resources,
  serviceMetrics,
  meshLatency,
  unreachable,
  telemetryGap,
  restarts,
  traffic,
  failureDomain,
  nameResolution,
  alerts,
  changes,
] as const;

export const counterEvidenceKinds = [
  refutedTest,
  callersUnaffected,
  noUserVisibleChange,
  onsetAfterIncident,
  notUpstream,
  rejectedBefore,
] as const;

type AnyKind = (typeof evidenceKinds)[number] | (typeof counterEvidenceKinds)[number];

/** The names of all kinds, as the API shows them. */
export type EvidenceName = AnyKind['name'];

type KeysOf<Weights> = Weights extends unknown ? keyof Weights : never;

/** The names of all weights of findings. */
export type FindingWeightName = KeysOf<AnyKind['weights']> & string;
