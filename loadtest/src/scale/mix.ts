/** What comes in while it is measured: in a hundred records 49 new alerts of known incidents, one that opens its own, 45 ends, 5 repeats. */
import {
  alertRecord,
  type Layout,
  makeAlert,
  openSubject,
  resolvedAlert,
  type Subject,
  scopeOf,
  systemService,
} from './world.ts';

const period = 100;
/** The one that opens an incident; the positions before it are joins. */
const opensAt = 49;
const endsTo = 95;

/** What makes an alert again: the bench must not keep what it measures others keeping. */
interface Fired {
  readonly subject: Subject;
  readonly serial: number;
  readonly atMs: number;
}

/** Alerts open now, and the next ones to come. */
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

  /** The next `count` of those that are open beforehand. */
  fill(count: number, atMs: number) {
    return Array.from({ length: count }, () => this.#fire(openSubject(this.#layout, this.#serial), atMs));
  }

  /** The next `count` records of the mix. */
  next(count: number, atMs: number) {
    return Array.from({ length: count }, (_, n) => this.#one(n % period, atMs));
  }

  /** Ends all that is open, `count` at a time. */
  end(count: number, atMs: number) {
    return Array.from({ length: Math.min(count, this.openCount) }, () => this.#end(atMs));
  }

  #one(slot: number, atMs: number) {
    if (slot < opensAt) return this.#fire(this.#known(slot), atMs);
    if (slot === opensAt) return this.#fire(this.#lone(), atMs);
    if (slot < endsTo) return this.#end(atMs);
    return this.#repeat(slot, atMs);
  }

  /** Four in five in the large incidents, the others in small ones. */
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
