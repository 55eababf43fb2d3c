/** One case of an evaluation, recorded or generated. All times are the case's own, before `shiftMs` is added. */
import type { Truth } from './truth.ts';

/**
 * How alerts, telemetry and changes of generated cases are labelled. `clean`: alike. `company`: each team and tool in its own way.
 * `stack`: as the default rules of kube-prometheus-stack label them.
 */
export const labelStyles = ['clean', 'company', 'stack', 'canaries'] as const;
export type LabelStyle = (typeof labelStyles)[number];

/** The system names of generated cases in reports. */
export const generatedSystems: Readonly<Record<LabelStyle, string>> = {
  clean: 'generated',
  company: 'generated-company',
  stack: 'generated-stack',
  canaries: 'generated-canaries',
};

export function isGeneratedSystem(system: string): boolean {
  return Object.values(generatedSystems).includes(system);
}

export type Signal = 'traces' | 'logs' | 'metrics';

/** A request to an ingest endpoint. */
export interface SentRequest {
  readonly path: string;
  readonly contentType: string;
  readonly body: object;
}

export interface EvaluationCase {
  readonly name: string;
  readonly system: string;
  /** Null: the case has no label. */
  readonly truth: Truth | null;
  /** End of the case. Telemetry after it is not sent. */
  readonly untilMs: number;
  /** Declared edges, caller to callee. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** Export requests by signal, each in sending order. */
  streams(shiftMs: number): readonly { readonly signal: Signal; readonly requests: AsyncIterable<object> }[];
  /** Change events as their tools send them, in order of time. */
  changes(shiftMs: number): readonly SentRequest[];
  /** Change events that arrive only after the alerts. */
  lateChanges(shiftMs: number): readonly SentRequest[];
  /** Alerts as their senders send them, in order of time. */
  alerts(shiftMs: number): readonly SentRequest[];
}
