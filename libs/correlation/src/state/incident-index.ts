/**
 * Finds the incidents that an alert may belong to without looking at all of them. It may return too many, never too few: grouping/
 * decides which of them the alert joins.
 */
import type { IncidentEvidence, IncidentState } from './records.ts';

/** Kinds of entity, and traits, that may be a reason to join. */
const indexed = /^(service|workload|pod|database|topic|node|zone|cluster|shared-\w+|grouped):/;
const none: ReadonlySet<string> = new Set();

/** Keys, each with the ids of its incidents. */
class Postings {
  readonly #ids = new Map<string, Set<string>>();

  get(key: string): ReadonlySet<string> {
    return this.#ids.get(key) ?? none;
  }

  keys(): Iterable<string> {
    return this.#ids.keys();
  }

  add(key: string, incidentId: string): void {
    const ids = this.#ids.get(key);
    if (ids === undefined) this.#ids.set(key, new Set([incidentId]));
    else ids.add(incidentId);
  }

  remove(key: string, incidentId: string): void {
    const ids = this.#ids.get(key);
    if (ids?.delete(incidentId) === true && ids.size === 0) this.#ids.delete(key);
  }
}

export class IncidentIndex {
  /** Members name this entity, `kind:name`. */
  readonly byEntity = new Postings();
  /** Its evidence connects this degraded service with its members. */
  readonly byRelated = new Postings();
  /** Its evidence calls this service degraded. */
  readonly byDegraded = new Postings();
  /** Its evidence suspects this change. */
  readonly bySuspect = new Postings();
  /** Its evidence ranks this service first. */
  readonly byCause = new Postings();
  /** A person pinned this service as its cause. */
  readonly byPin = new Postings();
  /** The alert that opened it is about this zone or cluster. */
  readonly byFailureDomain = new Postings();
  /** Incidents without evidence. */
  readonly unanswered = new Set<string>();
  /** Incidents of alert floods. */
  readonly floods = new Set<string>();
  readonly #open = new Set<string>();
  readonly #failureDomains = new Map<string, string>();
  /** By detection. Those that are too old are dropped when it is read. */
  #recent = new Map<string, IncidentState>();

  get hasOpen(): boolean {
    return this.#open.size > 0;
  }

  openIds(): Iterable<string> {
    return this.#open;
  }

  /** Adds an incident that was opened or loaded. Incidents must come in the order of detection. */
  incidentAdded(incident: IncidentState): void {
    this.statusChanged(incident);
    this.unanswered.add(incident.id);
    this.#recent.set(incident.id, incident);
    if (incident.isFlood === true) this.floods.add(incident.id);
  }

  statusChanged({ id, status }: IncidentState): void {
    if (status === 'resolved') this.#open.delete(id);
    else this.#open.add(id);
  }

  /** Removes an incident. Its members and evidence must be removed before. */
  incidentGone(id: string): void {
    this.#open.delete(id);
    this.#recent.delete(id);
    this.floods.delete(id);
    this.unanswered.delete(id);
    this.setFailureDomain(id, '');
  }

  /** Incidents detected since then, by detection. */
  recent(sinceMs: number): Iterable<IncidentState> {
    for (const [id, { detectedAtMs }] of this.#recent) {
      if (detectedAtMs >= sinceMs) break;
      this.#recent.delete(id);
    }
    return this.#recent.values();
  }

  /** Counts all incidents as recent again, after the settings changed. `incidents`: by detection. */
  resetRecent(incidents: readonly IncidentState[]): void {
    this.#recent = new Map(incidents.map((incident) => [incident.id, incident]));
  }

  /** The first member about an entity joined. */
  entityAppears(incidentId: string, entity: string): void {
    if (indexed.test(entity)) this.byEntity.add(entity, incidentId);
  }

  /** The last member about an entity left. */
  entityGone(incidentId: string, entity: string): void {
    if (indexed.test(entity)) this.byEntity.remove(entity, incidentId);
  }

  /** The zone or cluster that its opening alert is about; empty when it is about something else. */
  setFailureDomain(incidentId: string, domain: string): void {
    const before = this.#failureDomains.get(incidentId) ?? '';
    if (before === domain) return;
    this.byFailureDomain.remove(before, incidentId);
    if (domain === '') this.#failureDomains.delete(incidentId);
    else {
      this.#failureDomains.set(incidentId, domain);
      this.byFailureDomain.add(domain, incidentId);
    }
  }

  /** A person pinned another cause, or the incident is gone. */
  pinChanged(id: string, before: string | undefined, now: string | undefined): void {
    if (before !== undefined) this.byPin.remove(before, id);
    if (now !== undefined) this.byPin.add(now, id);
  }

  /** The last evidence was replaced. */
  evidenceChanged(id: string, before: IncidentEvidence | undefined, now: IncidentEvidence | undefined): void {
    if (before !== undefined) this.#eachTrait(before, (postings, key) => postings.remove(key, id));
    if (now !== undefined) this.#eachTrait(now, (postings, key) => postings.add(key, id));
    if (now === undefined) this.unanswered.add(id);
    else this.unanswered.delete(id);
  }

  #eachTrait({ related, ranking }: IncidentEvidence, give: (postings: Postings, key: string) => void): void {
    for (const service of related) give(this.byRelated, service);
    for (const service of ranking.disturbedServices) give(this.byDegraded, service);
    for (const { id, verdict } of ranking.changes) if (verdict === 'suspect') give(this.bySuspect, id);
    const cause = ranking.hypotheses[0]?.cause.service;
    if (cause !== undefined) give(this.byCause, cause);
  }
}
