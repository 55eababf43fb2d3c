/** A group in the making: regrouping adds alerts to it one by one, and judges the next alert by what is in it. */
import { identifiedCause } from '../state/incident.ts';
import type { AlertState, CallGraph, FirmReason, IncidentEvidence, IncidentHistory } from '../state/state.ts';
import { entityIds, subjectOf } from '../state/subject.ts';
import { relatedServices } from './graph.ts';
import { firmReason, type Knowledge } from './reason.ts';
import { type GroupView, viewAlert } from './view.ts';

/** A member and why it is in its group. */
export interface Assignment {
  readonly alert: AlertState;
  readonly reason: FirmReason;
}

export class GrowingGroup implements GroupView {
  readonly entities = new Set<string>();
  readonly services = new Set<string>();
  readonly openingSubject: string;
  readonly cause: string | null;
  startedAtMs: number;
  lastStartMs: number;
  firing = 0;
  evidence: IncidentEvidence;

  /** `span`: that of the incident when the group is what stays of one. */
  constructor(
    opening: AlertState | undefined,
    evidence: IncidentEvidence,
    span: { readonly startedAtMs: number; readonly lastStartMs: number },
    pin: IncidentHistory['pin'] = null,
  ) {
    this.openingSubject = opening === undefined ? '' : subjectOf(opening.entities);
    this.evidence = evidence;
    this.cause = identifiedCause(evidence.ranking, pin);
    this.startedAtMs = span.startedAtMs;
    this.lastStartMs = span.lastStartMs;
  }

  add(alert: AlertState): void {
    for (const id of entityIds(alert.entities)) this.entities.add(id);
    if (alert.entities.service !== undefined) this.services.add(alert.entities.service);
    if (alert.status === 'firing') this.firing += 1;
    this.startedAtMs = Math.min(this.startedAtMs, alert.startsAtMs);
    this.lastStartMs = Math.max(this.lastStartMs, alert.startsAtMs);
  }

  /**
   * Adds every alert that has a firm reason. It starts again after each round, since a new member may give a reason to the next alert.
   * Returns the members in the order in which they were added, and the rest.
   */
  addWithReason(
    known: Knowledge,
    alerts: readonly AlertState[],
  ): { readonly added: readonly Assignment[]; readonly rest: readonly AlertState[] } {
    const added: Assignment[] = [];
    let rest = alerts;
    for (let before = -1; before !== rest.length; ) {
      before = rest.length;
      this.#updateRelated(known.graph, known.config.maxHops);
      rest = rest.filter((alert) => {
        const reason = firmReason(known, this, viewAlert(alert));
        if (reason === null) return true;
        this.add(alert);
        added.push({ alert, reason });
        return false;
      });
    }
    return { added, rest };
  }

  #updateRelated(graph: CallGraph, maxHops: number): void {
    const { disturbedServices } = this.evidence.ranking;
    const related = relatedServices(graph, [...this.services], disturbedServices, maxHops);
    this.evidence = { ...this.evidence, related };
  }
}
