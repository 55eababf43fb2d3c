/**
 * Reads records of the state that older releases saved. Until 0.1.0 reasons, timeline entries, resolutions, refusals and missing evidence
 * were sentences; they are kept as such, so that a person reads the same words as before.
 */
import { type CommandResult, type MissingEvidence, type TimelineEntry, upgradeMissing } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { MemberReason, RefusalReason, Resolution } from './facts.ts';
import type {
  AlertState,
  CommandOutcome,
  HistoryEntry,
  IncidentEvidence,
  IncidentHistory,
  IncidentState,
} from './records.ts';

type OldAlert = Omit<AlertState, 'reason' | 'environment' | 'repeatsStart' | 'outlived'> &
  Partial<Pick<AlertState, 'environment' | 'repeatsStart' | 'outlived'>> & {
    readonly reason: MemberReason | string | null;
  };
type OldHistory = Omit<IncidentHistory, 'timeline' | 'commands' | 'resolution' | 'rejections'> & {
  readonly rejections?: IncidentHistory['rejections'];
  readonly timeline: readonly (HistoryEntry | TimelineEntry)[];
  readonly commands: readonly (CommandOutcome | CommandResult)[];
  readonly resolution: Resolution | string | null;
};
/** 0.1.0 did not read evidence again by itself. */
type OldIncident = Omit<IncidentState, 'unreadRounds' | 'retry' | 'concurrent' | 'triage' | 'heldBack'> &
  Partial<Pick<IncidentState, 'unreadRounds' | 'retry' | 'concurrent' | 'triage' | 'heldBack'>>;
type OldMissing = readonly (MissingEvidence | string)[];
type OldEvidence = Omit<IncidentEvidence, 'missing' | 'ranking'> & {
  readonly missing: OldMissing;
  readonly ranking: Omit<Ranking, 'missingEvidence'> & { readonly missingEvidence: OldMissing };
};

/** The value of one record as this release keeps it. `prefix` is the first part of the record's key. */
export function upgradeRecord(prefix: string, value: unknown): unknown {
  if (prefix === 'alert') return upgradeAlert(value as OldAlert);
  if (prefix === 'incident') return upgradeIncident(value as OldIncident);
  if (prefix === 'history') return upgradeHistory(value as OldHistory);
  return prefix === 'evidence' ? upgradeEvidence(value as OldEvidence) : value;
}

function upgradeIncident(incident: OldIncident): IncidentState {
  const { unreadRounds = 0, retry = null, concurrent = [], heldBack = null } = incident;
  const triage = incident.triage ?? pagedBefore(incident);
  return { ...incident, unreadRounds, retry, concurrent, triage, heldBack };
}

/** Until 0.1.0 every published incident paged. */
function pagedBefore({ revision, severity, lastPublishedMs }: OldIncident): IncidentState['triage'] {
  if (revision === 0) return null;
  const reasons = [{ code: 'severity', detail: severity }] as const;
  return { level: 'page', impact: 'unknown', severity, reasons, atMs: lastPublishedMs };
}

function upgradeAlert(alert: OldAlert): AlertState {
  const { reason, environment = '', repeatsStart = false, outlived = 0 } = alert;
  return {
    ...alert,
    environment,
    repeatsStart,
    outlived,
    reason: typeof reason === 'string' ? textOrNull(reason) : reason,
  };
}

function textOrNull(text: string): { readonly kind: 'text'; readonly text: string } | null {
  return text === '' ? null : { kind: 'text', text };
}

function upgradeHistory({ timeline, commands, pin, resolution = null, rejections = [] }: OldHistory): IncidentHistory {
  return {
    timeline: timeline.map(upgradeEntry),
    commands: commands.map(upgradeCommand),
    pin,
    resolution: typeof resolution === 'string' ? { kind: 'text', text: resolution } : resolution,
    rejections,
  };
}

function upgradeEntry(entry: HistoryEntry | TimelineEntry): HistoryEntry {
  if ('event' in entry) return entry;
  return { atMs: entry.atMs, event: { kind: 'text', timelineKind: entry.kind, text: entry.text } };
}

function upgradeCommand(command: CommandOutcome | CommandResult): CommandOutcome {
  if (!('result' in command)) return command;
  const { id, result, refusal, reason } = command;
  const refused: RefusalReason = { kind: 'text', refusal: refusal ?? 'wrong-state', text: reason };
  return { id, refusal: result === 'done' ? null : refused };
}

function upgradeEvidence(evidence: OldEvidence): IncidentEvidence {
  const { ranking, missing } = evidence;
  const missingEvidence = ranking.missingEvidence.map(upgradeMissing);
  return { ...evidence, ranking: { ...ranking, missingEvidence }, missing: missing.map(upgradeMissing) };
}
