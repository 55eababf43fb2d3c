/** Types of metrics by name, as Prometheus tells them apart from the samples (remote write 1.0) or beside them (2.0). */

/** In the order of the enum in both versions of the protocol. */
export const metricTypeNames = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
] as const;
export type MetricType = (typeof metricTypeNames)[number];

/** A large Prometheus has some ten thousand metrics. */
const mostEntries = 100_000;

/** Remembers types across requests, for each tenant. It is emptied when it is full: senders repeat their metadata every minute. */
export class MetricTypes {
  #size = 0;
  readonly #tenants = new Map<string, Map<string, MetricType>>();

  /** `family` is the name without the suffix of a part, such as `_bucket`. */
  set(tenant: string, family: string, type: MetricType): void {
    if (this.#size >= mostEntries) this.#clear();
    const types = this.#tenants.get(tenant) ?? new Map<string, MetricType>();
    this.#tenants.set(tenant, types);
    if (!types.has(family)) this.#size++;
    types.set(family, type);
  }

  get(tenant: string, family: string): MetricType {
    return this.#tenants.get(tenant)?.get(family) ?? 'unknown';
  }

  #clear(): void {
    this.#tenants.clear();
    this.#size = 0;
  }
}
