/** What one kind of evidence says about one service: the shape that every file in `evidence/` gives (ADR 0007, 0017). */
import type { CauseKind } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import type { TuningName } from '../weigh/tuning.ts';
import type { Look } from './reference.ts';

/** The kinds of evidence for a cause, each the name of its file in `evidence/`; each has its own refuting test in `refute/`. */
export type SupportName =
  | 'self-time'
  | 'edge-gap'
  | 'own-errors'
  | 'silent-hop'
  | 'caller-side'
  | 'steps'
  | 'error-lines'
  | 'lost-calls'
  | 'last-call'
  | 'resources'
  | 'service-metrics'
  | 'mesh-latency'
  | 'unreachable'
  | 'blind'
  | 'restarts'
  | 'traffic'
  | 'shared-place'
  | 'alerts'
  | 'changes';

/** The kinds of evidence against, each the name of its file in `against/`. */
const counterNames = ['refuted-test', 'callers-well', 'as-ever', 'late', 'off-path'] as const;
export type CounterName = (typeof counterNames)[number];

export interface Finding {
  readonly kind: SupportName | CounterName;
  /** Which tuned number weighs it. */
  readonly reason: TuningName;
  /** The service that it speaks about. */
  readonly service: string;
  /** The instance that it points at, or empty. */
  readonly instance: string;
  /** The mechanism that it suggests. */
  readonly causeKind: CauseKind;
  /** `service:name`, `edge:a->b`, ... */
  readonly entity: string;
  /** How large the effect is times how sure: 0 to about 1, negative speaks against. No tuned number is in it. */
  readonly strength: number;
  /** What part of it the services below may explain away: 0 for what can only be the service's own, 1 for all. */
  readonly explainable: number;
  /** One line for a tired reader, with its numbers. */
  readonly summary: string;
  readonly before: string;
  readonly during: string;
  /** The rows that show it. */
  readonly look: Look;
}

/** A finding that speaks for its service. */
export interface Support extends Finding {
  readonly kind: SupportName;
}

const counters: ReadonlySet<string> = new Set(counterNames);

export function isSupport<One extends Finding>(finding: One): finding is One & Support {
  return !counters.has(finding.kind);
}

/** A finding with the log-odds that it adds. */
export interface Weighed extends Finding {
  readonly weight: number;
}

/** Weaker findings are not worth a line. */
export const minStrength = 0.01;

/** One kind of evidence: a pure function of the context. It finds nothing where its signal is missing. */
export type EvidenceKind = (context: Context) => readonly Finding[];
