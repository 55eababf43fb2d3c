/** What other rules would have made of recorded incidents: pages before and after, and which incidents would hold other alerts. */
import {
  type CoreConfig,
  createCore,
  heldDetail,
  matchesLabels,
  type OverrideRule,
  planEvidence,
  rankHypotheses,
} from '@faultline/correlation';
import { type Incident, type Input, type JournalEntry, type TriageLevel, triageLevelOf } from '@faultline/model';
import { readFile } from './export.ts';
import { regroupings } from './regroupings.ts';
import { type Revision, replayJournal } from './replay.ts';

/** The settings that a backtest replaces. Others change which evidence is read, which a recorded journal does not have. */
export type Rules = Pick<CoreConfig, 'triage' | 'overrides' | 'groups' | 'suppress' | 'catalogue'>;

/** What became of one incident in a replay. */
interface Outcome {
  readonly title: string;
  readonly level: TriageLevel;
  readonly alertCount: number;
  /** Why it has its level. */
  readonly text: string;
  readonly pagedAtMs: number | null;
  /** The first revision that was told to people. Null: there was none. */
  readonly told: Incident | null;
}

/** One incident by both sets of rules. */
export interface BacktestIncident {
  readonly id: string;
  /** Null: no incident. */
  readonly before: TriageLevel | null;
  readonly after: TriageLevel | null;
  /** One line when it would have been another one, else empty. */
  readonly change: string;
  /** The first revision that people are told of by the new rules, for what routes it. Null: there is none. */
  readonly told: Incident | null;
}

/** What a rule that holds pages back did. */
export interface BacktestRule {
  readonly name: string;
  /** Incidents that it held back for a time. */
  readonly heldIds: readonly string[];
  /** Why it held nothing back. Empty when it did. */
  readonly why: string;
}

export interface BacktestReport {
  /** Of every incident of the tenant in the export, by id. */
  readonly incidents: readonly BacktestIncident[];
  readonly rules: readonly BacktestRule[];
  /** What is grouped in another way: `merged: a "..." (2 alerts) + b "..." (1 alert) -> a`. */
  readonly regroupings: readonly string[];
}

const core = createCore({ rankHypotheses, planEvidence });

/**
 * Replays an export by its own rules and by these. Both replays are by this release, so a difference is one of the rules. Evidence is the
 * recorded one: an incident that only the new rules make has none. Exports of one tenant may cover the same time: an incident in several of
 * them counts once, as the export that was made for it has it. Throws CORRELATOR_JOURNAL_UNREADABLE.
 */
export function backtest(texts: readonly string[], rules: Rules): BacktestReport {
  const replays = texts.map((text) => backtestOne(text, rules));
  const incidents = new Map<string, BacktestIncident>();
  for (const { incidentId, report } of replays)
    for (const incident of report.incidents)
      if (!incidents.has(incident.id) || incident.id === incidentId) incidents.set(incident.id, incident);
  return {
    incidents: [...incidents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    rules: rules.overrides.map(({ name }, index) => {
      const each = replays.flatMap(({ report }) => report.rules.slice(index, index + 1));
      const heldIds = [...new Set(each.flatMap((rule) => rule.heldIds))];
      return { name, heldIds, why: heldIds.length > 0 ? '' : (each[0]?.why ?? '') };
    }),
    regroupings: [...new Set(replays.flatMap(({ report }) => report.regroupings))].sort(),
  };
}

function backtestOne(text: string, rules: Rules): { readonly incidentId: string; readonly report: BacktestReport } {
  const { entries, incidentId } = readFile(text);
  const { revisions: recorded } = replayJournal(entries, core);
  const before = outcomesOf(recorded);
  const { revisions } = replayJournal(withRules(entries, rules), core);
  const after = outcomesOf(revisions);
  const incidents = [...new Set([...before.keys(), ...after.keys()])].map((id) =>
    compared(id, before.get(id), after.get(id)),
  );
  return {
    incidentId,
    report: {
      incidents,
      rules: rules.overrides.map((rule) => ruleOf(rule, revisions, entries)),
      regroupings: regroupings(recorded, revisions),
    },
  };
}

function outcomesOf(revisions: readonly Revision[]): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const { incident } of revisions) outcomes.set(incident.id, outcomeOf(incident, outcomes.get(incident.id)));
  return outcomes;
}

function ruleOf(rule: OverrideRule, revisions: readonly Revision[], entries: readonly JournalEntry[]): BacktestRule {
  const isHeld = ({ triage }: Incident) =>
    triage?.reasons.some(({ code, detail }) => code === 'held' && detail === heldDetail(rule)) === true;
  const held = revisions.flatMap(({ incident }) => (isHeld(incident) ? [incident.id] : []));
  return { name: rule.name, heldIds: [...new Set(held)], why: held.length > 0 ? '' : whyNothing(rule, entries) };
}

/** The first alert in a window that the rule does not match is the reason: an incident is held back when all of its alerts match. */
function whyNothing({ windows, match }: OverrideRule, entries: readonly JournalEntry[]): string {
  const inWindow = entries.flatMap(({ atMs, input }) =>
    input.kind === 'alert' && windows.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs)
      ? [input.alert]
      : [],
  );
  if (inWindow.length === 0) return 'no alert came while a window was open';
  for (const { name, source, labels, entities } of inWindow) {
    const wrong = Object.entries(match).find(
      ([label, value]) => !matchesLabels({ [label]: value }, { name, source, labels, entities }),
    );
    if (wrong !== undefined) return `alert ${name} does not match ${wrong.join('=')}`;
  }
  return 'what it matches was no higher than the level that it leaves';
}

/** A merged incident has no alerts left: what it had before counts. */
function outcomeOf(incident: Incident, known: Outcome | undefined): Outcome {
  const level = triageLevelOf(incident);
  const pagedAtMs = known?.pagedAtMs ?? (level === 'page' ? incident.updatedAtMs : null);
  const { title, alertCount } = incident;
  return {
    title,
    level,
    alertCount: Math.max(alertCount, known?.alertCount ?? 0),
    text: incident.triage?.text ?? 'paged',
    pagedAtMs,
    told: known?.told ?? (level === 'log' ? null : incident),
  };
}

function compared(id: string, before: Outcome | undefined, after: Outcome | undefined): BacktestIncident {
  const isSame =
    before?.level === after?.level &&
    before?.alertCount === after?.alertCount &&
    before?.pagedAtMs === after?.pagedAtMs;
  const change = isSame ? '' : `${id} "${(after ?? before)?.title}": ${described(before)} -> ${described(after)}`;
  return { id, before: before?.level ?? null, after: after?.level ?? null, change, told: after?.told ?? null };
}

function described(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'no incident';
  const { alertCount, pagedAtMs, text } = outcome;
  const alerts = alertCount === 1 ? '1 alert' : `${alertCount} alerts`;
  const at = pagedAtMs === null ? '' : ` at ${new Date(pagedAtMs).toISOString()}`;
  return `${alerts}, ${text}${at}`;
}

/** The entries as they would have been: every setting of these rules replaced, and a tick at the end of each window. */
function withRules(entries: readonly JournalEntry[], rules: Rules): readonly JournalEntry[] {
  const changed = entries.map((entry) => ({ ...entry, input: inputWith(entry.input, rules) }));
  const first = changed[0];
  if (first === undefined) return [];
  // A scope that was recorded from its first entry on may have no settings before its first alert.
  const start =
    first.input.kind === 'checkpoint' ? [] : [{ ...first, input: { kind: 'config', config: { ...rules } } as const }];
  return [...start, ...withWindowEnds(changed, rules)];
}

function inputWith(input: Input, rules: Rules): Input {
  if (input.kind === 'config') return { kind: 'config', config: { ...input.config, ...rules } };
  if (input.kind !== 'checkpoint') return input;
  const records = input.records.map(({ key, value }) =>
    key === 'config' ? { key, value: JSON.stringify({ ...JSON.parse(value), ...rules }) } : { key, value },
  );
  return { kind: 'checkpoint', records };
}

/** The recorded host had no reason to wake up then. */
function withWindowEnds(entries: readonly JournalEntry[], { overrides }: Rules): readonly JournalEntry[] {
  const ends = [...new Set(overrides.flatMap(({ windows }) => windows.map(({ untilMs }) => untilMs)))];
  return entries.flatMap((entry, index) => {
    const nextMs = entries[index + 1]?.atMs ?? entry.atMs;
    const between = ends.filter((endMs) => endMs > entry.atMs && endMs <= nextMs).sort((a, b) => a - b);
    return [entry, ...between.map((atMs): JournalEntry => ({ ...entry, atMs, input: { kind: 'tick' } }))];
  });
}
