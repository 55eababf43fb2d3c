/** A group in the making: regrouping adds alerts to it one by one, and judges the next alert by what is in it. */
import type { AlertState, FirmReason, IncidentEvidence, IncidentHistory, TraitReason } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { traitKeys } from '../state/traits.ts';
import { identifiedCause } from './cause.ts';
import { environmentsRead, tellingOnes } from './environment.ts';
import { relatedServices } from './graph.ts';
import { separateIsolated } from './isolated.ts';
import { allowsAll, byFloodClass, type OpeningBudget, spendOpening, unlimitedBudget } from './opening-budget.ts';
import { firmReason, type Knowledge, traitReason } from './reason.ts';
import type { GroupView } from './view.ts';

/** A member and why it is in its group. */
export interface Assignment {
  readonly alert: AlertState;
  readonly reason: FirmReason | TraitReason;
}

interface GroupOptions {
  readonly opening: AlertState | undefined;
  readonly evidence: IncidentEvidence;
  /** Of the whole incident, when the group is what stays of one. */
  readonly span: { readonly startedAtMs: number; readonly lastStartMs: number };
  readonly pin: IncidentHistory['pin'];
  readonly rejections?: IncidentHistory['rejections'];
}

export class GrowingGroup implements GroupView {
  readonly entities = new Set<string>();
  readonly services = new Set<string>();
  readonly subjects = new Set<string>();
  readonly environments: Set<string>;
  readonly opening: AlertState | undefined;
  readonly cause: string | null;
  readonly pinned: string | null;
  startedAtMs: number;
  lastStartMs: number;
  firing = 0;
  evidence: IncidentEvidence;

  constructor({ opening, evidence, span, pin, rejections = [] }: GroupOptions) {
    this.opening = opening;
    this.evidence = evidence;
    this.environments = new Set(environmentsRead(evidence));
    this.cause = identifiedCause(evidence.ranking, { pin, rejections });
    this.pinned = pin?.service ?? null;
    this.startedAtMs = span.startedAtMs;
    this.lastStartMs = span.lastStartMs;
  }

  add(alert: AlertState): void {
    const { entities, environment, status, startsAtMs } = alert;
    this.subjects.add(subjectOf(entities).id);
    if (environment !== '') this.environments.add(environment);
    for (const id of [...subjectOf(entities).entityIds, ...traitKeys(alert)]) this.entities.add(id);
    if (entities.service !== undefined) this.services.add(entities.service);
    if (status === 'firing') this.firing += 1;
    this.startedAtMs = Math.min(this.startedAtMs, startsAtMs);
    this.lastStartMs = Math.max(this.lastStartMs, startsAtMs);
  }

  /**
   * Adds every alert that has a firm reason, or that no telemetry knows and that shares a trait. It starts again after each round, since a new member may give a reason to the next alert.
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
      this.#updateRelated(known);
      rest = rest.filter((alert) => {
        const reason = firmReason(known, this, alert) ?? traitReason(known, this, alert);
        if (reason === null) return true;
        this.add(alert);
        added.push({ alert, reason });
        return false;
      });
    }
    return { added, rest };
  }

  #updateRelated({ graphOf, environments, config: { maxHops } }: Knowledge): void {
    const graph = graphOf(tellingOnes(environments, this.environments));
    const { disturbedServices } = this.evidence.ranking;
    const related = relatedServices(graph, [...this.services], disturbedServices, maxHops);
    this.evidence = { ...this.evidence, related };
  }
}

/** The opening alert of a group, and the members that joined it. */
export interface SplitGroup {
  readonly opening: AlertState;
  readonly members: readonly Assignment[];
}

export interface Grouping {
  readonly groups: readonly SplitGroup[];
  /** Alerts beyond the groups that may be made. */
  readonly rest: readonly AlertState[];
}

/**
 * Groups alerts: the first opens a group and takes those with a reason to be with it; the rest does the same again. Beyond the budget, worse
 * classes and alerts that share something with another one come first.
 */
export function groupByReason(
  known: Knowledge,
  evidence: IncidentEvidence,
  alerts: readonly AlertState[],
  limits: OpeningBudget = unlimitedBudget(),
): Grouping {
  const budget = { ...limits };
  if (allowsAll(budget, alerts)) return growGroups(known, evidence, alerts, { budget });
  const { shared, isolated } = separateIsolated(known, evidence, byFloodClass(alerts).flat());
  const affordable = Math.max(leastGroups, Math.floor(maxComparisons / Math.max(1, shared.length)));
  const grown = growGroups(known, evidence, shared, { budget, most: affordable });
  const alone = new Set(isolated.filter((alert) => spendOpening(budget, alert)));
  return {
    groups: [...grown.groups, ...[...alone].map((opening) => ({ opening, members: [] }))],
    rest: [...grown.rest, ...isolated.filter((alert) => !alone.has(alert))],
  };
}

/** One comparison takes some microseconds, and a step holds up everything else. */
const maxComparisons = 200_000;
const leastGroups = 10;

interface GroupLimits {
  readonly budget: OpeningBudget;
  readonly most?: number;
}

function growGroups(
  known: Knowledge,
  evidence: IncidentEvidence,
  alerts: readonly AlertState[],
  { budget, most = Number.POSITIVE_INFINITY }: GroupLimits,
): Grouping {
  const groups: SplitGroup[] = [];
  let left = alerts;
  while (groups.length < most) {
    const opening = left.find((alert) => spendOpening(budget, alert));
    if (opening === undefined) break;
    const span = { startedAtMs: opening.startsAtMs, lastStartMs: opening.startsAtMs };
    const group = new GrowingGroup({ opening, evidence, span, pin: null });
    group.add(opening);
    const others = left.filter((alert) => alert !== opening);
    const { added, rest } = group.addWithReason(known, others);
    groups.push({ opening, members: added });
    left = rest;
  }
  return { groups, rest: left };
}
