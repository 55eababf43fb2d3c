/**
 * Which incidents an alert may belong to, found without looking at all of them. It gives candidates: more than belong, never fewer. What
 * belongs is judged in grouping/.
 */
import type { IncidentEvidence, IncidentState } from './records.ts';

/** Kinds of entity that may be a reason to join. */
const indexed = /^(service|workload|pod|database|topic|node|zone|cluster):/;
const none: ReadonlySet<string> = new Set();

/** Keys, each with the incidents that stand under it. */
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
  /** Members speak of this entity, `kind:name`. */
  readonly byEntity = new Postings();
  /** Its evidence relates this disturbed service to it. */
  readonly byRelated = new Postings();
  /** Its evidence calls this service disturbed. */
  readonly byDegraded = new Postings();
  /** Its evidence suspects this change. */
  readonly bySuspect = new Postings();
  /** Its evidence blames this service first. */
  readonly byCause = new Postings();
  /** The alert that opened it is about this zone or cluster. */
  readonly byFailureDomain = new Postings();
  /** Incidents without evidence. */
  readonly unanswered = new Set<string>();
  readonly #open = new Set<string>();
  readonly #failureDomains = new Map<string, string>();
  /** In the order in which they were detected; those too old are dropped when it is asked. */
  #recent = new Map<string, IncidentState>();

  get hasOpen(): boolean {
    return this.#open.size > 0;
  }

  openIds(): Iterable<string> {
    return this.#open;
  }

  /** Opened, or loaded. Incidents come in the order in which they were detected. */
  incidentAdded(incident: IncidentState): void {
    this.statusChanged(incident);
    this.unanswered.add(incident.id);
    this.#recent.set(incident.id, incident);
  }

  statusChanged({ id, status }: IncidentState): void {
    if (status === 'resolved') this.#open.delete(id);
    else this.#open.add(id);
  }

  /** Its members and evidence have been taken out before. */
  incidentGone(id: string): void {
    this.#open.delete(id);
    this.#recent.delete(id);
    this.unanswered.delete(id);
    this.setFailureDomain(id, '');
  }

  /** Incidents detected since then, in the order in which they were. */
  recent(sinceMs: number): Iterable<IncidentState> {
    for (const [id, { detectedAtMs }] of this.#recent) {
      if (detectedAtMs >= sinceMs) break;
      this.#recent.delete(id);
    }
    return this.#recent.values();
  }

  /** All incidents count as recent again, as what counts as recent has changed. Given in the order in which they were detected. */
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

  /** What the last evidence says was replaced. */
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
