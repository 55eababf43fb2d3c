/** One value of an instance, with its name in each convention. */

/** OpenTelemetry semantic conventions, or the names of Prometheus exporters. */
export type Dialect = 'opentelemetry' | 'prometheus';

export interface Value {
  /** Empty where a convention has no such series. */
  readonly names: Readonly<Record<Dialect, string>>;
  readonly unit: string;
  readonly value: number;
  /** A counter's `value` is its growth since the last point. */
  readonly kind?: 'counter';
  /** Measurement noise: sigma of the logarithm. */
  readonly noise?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Pass an empty name for a convention without this series. */
export function names(opentelemetry: string, prometheus: string): Value['names'] {
  return { opentelemetry, prometheus };
}
