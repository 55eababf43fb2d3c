/** What can be read of the cluster: one health entry for all kinds, and one log line for each reason of an outage. */
import type { AppError, Health, Logger } from '@faultline/runtime';
import type { KindState } from './api/reflector.ts';
import { type ResourceKind, resourceName } from './resources/table.ts';

export interface StatusOptions {
  readonly cluster: string;
  readonly health: Health;
  readonly logger: Logger;
}

export class ClusterStatus {
  readonly #options: StatusOptions;
  readonly #states = new Map<string, KindState>();
  /** What was logged for each kind that cannot be read. */
  readonly #reasons = new Map<string, Set<string>>();
  #lastError: AppError | null = null;

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  /** A kind can be read, or cannot, for the reason in `error`. */
  set(kind: ResourceKind, state: KindState, error: AppError | null): void {
    const resource = resourceName(kind);
    if (error === null) this.#recover(resource);
    // Most clusters lack the kinds of most add-ons.
    else if (kind.isOptional && error.httpStatus === 404) {
      this.#states.delete(resource);
      this.report();
      return;
    } else this.#fail(resource, error);
    this.#states.set(resource, state);
    this.report();
  }

  #recover(resource: string): void {
    if (!this.#reasons.delete(resource) || this.#reasons.size > 0) return;
    this.#options.logger.info('all kinds of the cluster can be read again', { cluster: this.#options.cluster });
  }

  /** All kinds fail for the same reason when the server is away, so only the first one is logged. A missing right is one of its kind. */
  #fail(resource: string, error: AppError): void {
    this.#lastError = error;
    const reason = error.httpStatus === 403 ? `403 ${resource}` : error.message;
    const isLogged = [...this.#reasons.values()].some((reasons) => reasons.has(reason));
    this.#reasons.set(resource, (this.#reasons.get(resource) ?? new Set()).add(reason));
    if (isLogged) return;
    const { cluster, logger } = this.#options;
    logger.warn('a kind of the cluster cannot be read', {
      cluster,
      resource,
      code: error.code,
      reason: error.message,
    });
  }

  /** A right that is missing costs that kind only, so it turns nothing red. Without any kind nothing is watched. */
  report(): void {
    const { cluster, health } = this.#options;
    const [reading, forbidden, away] = [
      this.#named('reading'),
      this.#named('forbidden'),
      this.#named('unavailable', 'late'),
    ];
    const ok = reading.length > 0;
    const parts = [
      `${reading.length} kinds of ${cluster} are watched`,
      ...(!ok && this.#lastError !== null ? [`${this.#lastError.message} [${this.#lastError.code}]`] : []),
      ...(forbidden.length > 0 ? [`no right to read ${forbidden.join(', ')}`] : []),
      ...(away.length > 0 ? [`not reachable for ${away.join(', ')}`] : []),
    ];
    health.set('kube', { ok, detail: parts.join('; ') });
  }

  #named(...states: readonly KindState[]): readonly string[] {
    return [...this.#states].flatMap(([resource, own]) => (states.includes(own) ? [resource] : [])).sort();
  }
}
