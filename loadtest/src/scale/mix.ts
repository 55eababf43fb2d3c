/**
 * The measured input: of a hundred records, 49 are alerts of known incidents, one opens an incident, 45 resolve and 5
 * repeat.
 */
import {
  alertRecord,
  type Layout,
  makeAlert,
  openSubject,
  resolvedAlert,
  type Subject,
  scopeOf,
  systemService,
} from './alerts.ts';

const period = 100;
/** This position opens an incident. Those before it join one. */
const opensAt = 49;
const endsTo = 95;

/** Enough to create an alert again, so that the benchmark does not hold alerts in memory itself. */
interface Fired {
  readonly subject: Subject;
  readonly serial: number;
  readonly atMs: number;
}

/** Open alerts, and the alerts to come. */
export class Mix {
  readonly #layout: Layout;
  readonly #open: Fired[] = [];
  #oldest = 0;
  #serial = 0;
  #spare = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  get openCount(): number {
    return this.#open.length - this.#oldest;
  }

  /** The next `count` alerts to open before the measurement. */
  fill(count: number, atMs: number) {
    return Array.from({ length: count }, () => this.#fire(openSubject(this.#layout, this.#serial), atMs));
  }

  /** The next `count` measured records. */
  next(count: number, atMs: number) {
    return Array.from({ length: count }, (_, n) => this.#one(n % period, atMs));
  }

  /** Resolves up to `count` open alerts. */
  end(count: number, atMs: number) {
    return Array.from({ length: Math.min(count, this.openCount) }, () => this.#end(atMs));
  }

  #one(slot: number, atMs: number) {
    if (slot < opensAt) return this.#fire(this.#known(slot), atMs);
    if (slot === opensAt) return this.#fire(this.#lone(), atMs);
    if (slot < endsTo) return this.#end(atMs);
    return this.#repeat(slot, atMs);
  }

  /** Four in five belong to the large incidents, the others to small ones. */
  #known(slot: number): Subject {
    const scope = scopeOf(this.#serial % this.#layout.scopes);
    if (slot % 5 > 0) return { scope, service: systemService(this.#layout, this.#serial) };
    return { scope, service: `lone-${slot % Math.min(3, this.#layout.loneServices)}` };
  }

  #lone(): Subject {
    this.#spare += 1;
    const scope = scopeOf(this.#spare % this.#layout.scopes);
    return { scope, service: `spare-${Math.floor(this.#spare / this.#layout.scopes) % this.#layout.spareServices}` };
  }

  #fire(subject: Subject, atMs: number) {
    const fired = { subject, serial: this.#serial, atMs };
    this.#serial += 1;
    this.#open.push(fired);
    return alertRecord(alertOf(fired));
  }

  #end(atMs: number) {
    const fired = this.#open[this.#oldest];
    if (fired === undefined) throw new Error('no alert is open');
    this.#oldest += 1;
    return alertRecord(resolvedAlert(alertOf(fired), atMs));
  }

  #repeat(slot: number, atMs: number) {
    const fired = this.#open[this.#open.length - slot] ?? { subject: this.#lone(), serial: 0, atMs };
    return alertRecord(alertOf(fired));
  }
}

function alertOf({ subject, serial, atMs }: Fired) {
  return makeAlert(subject, serial, atMs);
}
