import type { Entities } from './entity.ts';
import type { Scope } from './scope.ts';

export const severities = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One transition of one alert, normalised. `raw` keeps every field that the source sent. */
export interface Alert {
  /** Hash of scope, source, fingerprint, startsAt and status: the same transition sent twice has the same id. */
  readonly id: string;
  readonly scope: Scope;
  /** The source that sent it: `alertmanager`, `pagerduty`, ... */
  readonly source: string;
  /** Identity of the alert over its life at its source. */
  readonly fingerprint: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly severity: Severity;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly entities: Entities;
  readonly startsAtMs: number;
  /** Null while firing. */
  readonly endsAtMs: number | null;
  readonly receivedAtMs: number;
  /** How long after its last receipt it counts as over, for sources that never say so. Null: waits for `resolved`. */
  readonly expiresAfterMs: number | null;
  /** A link back to the source, or empty. */
  readonly url: string;
  /** The item as sent, JSON. */
  readonly raw: string;
}
