/** One value of an instance, and what the two worlds call it. */

/** The names of OpenTelemetry's conventions, or those of Prometheus' exporters. */
export type Dialect = 'opentelemetry' | 'prometheus';

export interface Value {
  /** Names by dialect; empty where a world has no such series. */
  readonly names: Readonly<Record<Dialect, string>>;
  readonly unit: string;
  readonly value: number;
  /** Counters are given as growth since the last point. */
  readonly kind?: 'counter';
  /** Spread of the measurement, of the logarithm. */
  readonly noise?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An empty name: that world has no such series. */
export function names(opentelemetry: string, prometheus: string): Value['names'] {
  return { opentelemetry, prometheus };
}
