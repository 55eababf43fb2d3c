/** What other rules would have made of recorded incidents: pages before and after, and which incidents would hold other alerts. */
import { type Core, type CoreConfig, createCore, planEvidence, rankHypotheses } from '@faultline/correlation';
import { type Incident, type Input, type JournalEntry, type TriageLevel, triageLevelOf } from '@faultline/model';
import { readFile } from './export.ts';
import { replayJournal } from './replay.ts';

/** The settings that a backtest replaces. Others change which evidence is read, which a recorded journal does not have. */
export type Rules = Pick<CoreConfig, 'triage' | 'overrides' | 'suppress' | 'catalogue'>;

/** What became of one incident in a replay. */
interface Outcome {
  readonly title: string;
  readonly level: TriageLevel;
  readonly alertCount: number;
  /** Why it has its level. */
  readonly text: string;
  readonly pagedAtMs: number | null;
}

export interface BacktestReport {
  readonly before: Readonly<Record<TriageLevel, number>>;
  readonly after: Readonly<Record<TriageLevel, number>>;
  /** One line for each incident that would have been another one, by id. */
  readonly changes: readonly string[];
}

const core = createCore({ rankHypotheses, planEvidence });

/**
 * Replays an export by its own rules and by these. Both replays are by this release, so a difference is one of the rules. Evidence is the
 * recorded one: an incident that only the new rules make has none. Throws CORRELATOR_JOURNAL_UNREADABLE.
 */
export function backtest(text: string, rules: Rules): BacktestReport {
  const { entries } = readFile(text);
  const before = play(entries, core);
  const after = play(withRules(entries, rules), core);
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return {
    before: countLevels(before),
    after: countLevels(after),
    changes: ids.flatMap((id) => changeOf(id, before.get(id), after.get(id))),
  };
}

function play(entries: readonly JournalEntry[], by: Core): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const { incident } of replayJournal(entries, by).revisions)
    outcomes.set(incident.id, outcomeOf(incident, outcomes.get(incident.id)));
  return outcomes;
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
  };
}

function countLevels(outcomes: ReadonlyMap<string, Outcome>): Record<TriageLevel, number> {
  const count = (level: TriageLevel) => [...outcomes.values()].filter((outcome) => outcome.level === level).length;
  return { page: count('page'), ticket: count('ticket'), log: count('log') };
}

function changeOf(id: string, before: Outcome | undefined, after: Outcome | undefined): readonly string[] {
  if (
    before?.level === after?.level &&
    before?.alertCount === after?.alertCount &&
    before?.pagedAtMs === after?.pagedAtMs
  )
    return [];
  return [`${id} "${(after ?? before)?.title}": ${described(before)} -> ${described(after)}`];
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
