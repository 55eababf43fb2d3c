/** The report on alert hygiene: findings, and what each team owes by month. Pure. */
import type { AlertedIncident, FiringHistory } from '@faultline/store';
import { findAlwaysTogether, findFlapping, findNoAction, findNoImpact, indexByIncident } from './detect.ts';
import type { HygieneFinding } from './finding.ts';
import { alertRecords } from './records.ts';

/** Pages of one month that the causes of one team made. */
export interface HygieneDebt {
  /** `2026-03` */
  readonly month: string;
  /** Empty: nobody owns the causes. */
  readonly team: string;
  readonly pages: number;
  /** Pages that the patches would have saved. */
  readonly savedPages: number;
}

export interface HygieneReport {
  /** Those that save most pages first, then most alerts, then by name. Each alert once. */
  readonly findings: readonly HygieneFinding[];
  /** Latest month first. */
  readonly debt: readonly HygieneDebt[];
  readonly incidents: number;
  readonly isTruncated: boolean;
}

export function hygieneReport(history: FiringHistory): HygieneReport {
  const records = alertRecords(history);
  const byIncident = indexByIncident(records);
  const findings = records
    .flatMap(
      (record) =>
        findNoAction(record) ??
        findFlapping(record) ??
        findNoImpact(record) ??
        findAlwaysTogether(record, byIncident) ??
        [],
    )
    .sort(
      (a, b) =>
        b.savedPages.length - a.savedPages.length ||
        b.savedAlerts - a.savedAlerts ||
        (a.alert < b.alert ? -1 : a.alert > b.alert ? 1 : a.source < b.source ? -1 : 1),
    );
  const { incidents, isTruncated } = history;
  return { findings, debt: debtOf(incidents, findings), incidents: incidents.length, isTruncated };
}

function debtOf(incidents: readonly AlertedIncident[], findings: readonly HygieneFinding[]): readonly HygieneDebt[] {
  const saved = new Set(findings.flatMap(({ savedPages }) => savedPages.map(({ id }) => id)));
  const pages = incidents.filter(({ isPaged }) => isPaged);
  return [...Map.groupBy(pages, ({ startedAtMs, team }) => `${monthOf(startedAtMs)} ${team}`)]
    .map(([key, group]) => ({
      month: key.slice(0, 7),
      team: key.slice(8),
      pages: group.length,
      savedPages: group.filter(({ id }) => saved.has(id)).length,
    }))
    .sort(
      (a, b) =>
        (a.month === b.month ? b.savedPages - a.savedPages : a.month < b.month ? 1 : -1) || (a.team < b.team ? -1 : 1),
    );
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}
