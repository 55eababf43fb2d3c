/** Warning events of the last hour, by the object that they are about. The API server keeps them as long. */
import { text, timeMs } from '../api/json.ts';
import type { ObservedObject } from '../decode/object.ts';
import type { Warning } from '../finding/draft.ts';

const memoryMs = 3_600_000;
const maxPerObject = 20;

export class Warnings {
  readonly #byUid = new Map<string, Map<string, Warning>>();

  /** Returns the uid of the object that the event is about; empty for an event that is no warning. */
  add({ body, createdAtMs, reference }: ObservedObject): string {
    const uid = text(body, 'involvedObject', 'uid');
    if (text(body, 'type') !== 'Warning' || uid === '') return '';
    const firstMs = timeMs(body, 'firstTimestamp') ?? timeMs(body, 'eventTime') ?? createdAtMs;
    const series = timeMs(body, 'series', 'lastObservedTime');
    const warning: Warning = {
      reason: text(body, 'reason'),
      message: text(body, 'message'),
      fieldPath: text(body, 'involvedObject', 'fieldPath'),
      firstMs,
      lastMs: Math.max(firstMs, series ?? 0, timeMs(body, 'lastTimestamp') ?? 0),
    };
    const known = this.#byUid.get(uid) ?? new Map<string, Warning>();
    known.set(reference.name, warning);
    const [oldest] = known.keys();
    if (known.size > maxPerObject && oldest !== undefined) known.delete(oldest);
    this.#byUid.set(uid, known);
    return uid;
  }

  /** Newest first. */
  of(uid: string): readonly Warning[] {
    return [...(this.#byUid.get(uid)?.values() ?? [])].sort((a, b) => b.lastMs - a.lastMs);
  }

  /** Returns the uids of objects that lost a warning. */
  expire(nowMs: number): readonly string[] {
    const changed: string[] = [];
    for (const [uid, warnings] of this.#byUid) {
      const before = warnings.size;
      for (const [name, { lastMs }] of warnings) if (lastMs + memoryMs < nowMs) warnings.delete(name);
      if (warnings.size < before) changed.push(uid);
      if (warnings.size === 0) this.#byUid.delete(uid);
    }
    return changed;
  }
}
