/** What channels got of open and recently resolved incidents, from the compacted topic `deliveries`. */
import type { LogRecord } from '@faultline/bus';
import { codecs, type Delivery } from '@faultline/model';
import type { ReadModel } from '../read-model/follow.ts';

export class DeliveryReadModel implements ReadModel {
  /** By the key of the record, by incident. */
  readonly #byIncident = new Map<string, Map<string, Delivery>>();
  #ready = false;

  // Keys are replaced or removed, so nothing needs to be forgotten.
  restart(): void {}

  apply({ key, value }: LogRecord): string | null {
    if (value === null) {
      this.#remove(key);
      return null;
    }
    const decoded = codecs.delivery.decode(value);
    if (!decoded.ok) return decoded.reason;
    const delivery = decoded.value;
    const known = this.#byIncident.get(delivery.incidentId) ?? new Map<string, Delivery>();
    this.#byIncident.set(delivery.incidentId, known.set(key, delivery));
    return null;
  }

  caughtUp(): readonly string[] {
    this.#ready = true;
    return [];
  }

  get ready(): boolean {
    return this.#ready;
  }

  of(incidentId: string): readonly Delivery[] {
    return [...(this.#byIncident.get(incidentId)?.values() ?? [])];
  }

  /** The key of a delivery begins with its incident. */
  #remove(key: string): void {
    const incidentId = key.slice(0, key.indexOf('|'));
    const known = this.#byIncident.get(incidentId);
    known?.delete(key);
    if (known?.size === 0) this.#byIncident.delete(incidentId);
  }
}
