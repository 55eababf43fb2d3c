/** Open incidents of which time alone changes something: a level of an escalation is due, or the window of a rule ends. */
import type { Incident } from '@faultline/model';

export class WatchedIncidents {
  readonly #watched = new Map<string, { readonly incident: Incident; readonly atMs: number }>();

  /** Keeps the latest revision until that time. Null: nothing is due any more. */
  set(incident: Incident, atMs: number | null): void {
    if (atMs === null) this.#watched.delete(incident.id);
    else this.#watched.set(incident.id, { incident, atMs });
  }

  remove(incidentId: string): void {
    this.#watched.delete(incidentId);
  }

  /** What is due, the earliest first. It stays until it is set again. */
  due(nowMs: number): readonly Incident[] {
    return [...this.#watched.values()]
      .filter(({ atMs }) => atMs <= nowMs)
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ incident }) => incident);
  }
}
