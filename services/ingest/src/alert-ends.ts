/**
 * Finds alerts that fire at a sender whose clock is behind. Prometheus gives a firing alert an end some minutes after its own now, and moves it
 * ahead with each send. With a clock further behind, all of these ends lie in the past, and the alert looks resolved. The end of an alert that
 * is really resolved does not move. So an end that moves ahead, of an alert that never had an end in the future, tells them apart.
 */

export interface SentEnd {
  /** Which alert of which tenant, and which start. */
  readonly key: string;
  readonly endsAtMs: number;
  readonly receivedAtMs: number;
}

interface Known {
  readonly endsAtMs: number;
  /** It was open at least once, so the clock of its sender is good enough. Two senders may also resolve one alert at two times. */
  readonly wasOpen: boolean;
}

/** Prometheus repeats a resolved alert for so long. An older end is no news. */
const maxBehindMs = 15 * 60_000;
/** Some MB. What is forgotten is learned again with two sends. */
const maxKnown = 50_000;

export class AlertEnds {
  readonly #known = new Map<string, Known>();

  /** How far the sender's clock is behind at least, ms; null when nothing shows that it is. */
  behindMs({ key, endsAtMs, receivedAtMs }: SentEnd): number | null {
    const last = this.#known.get(key);
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, { endsAtMs, wasOpen: last?.wasOpen === true || endsAtMs > receivedAtMs });
    const behindMs = receivedAtMs - endsAtMs;
    const isMoving = last !== undefined && !last.wasOpen && endsAtMs > last.endsAtMs;
    return isMoving && behindMs >= 0 && behindMs <= maxBehindMs ? behindMs : null;
  }
}
