/** The stage clock: when the fault began, was detected, paged, acknowledged, explained, acted on and over. From facts of the log alone. */
import type { Incident, IncidentStages } from '@faultline/model';
import type { IncidentEvent, IncidentHistory, IncidentState } from '../state/state.ts';

export interface StageInput {
  readonly incident: Pick<IncidentState, 'startedAtMs' | 'detectedAtMs' | 'resolvedAtMs' | 'triage'>;
  readonly history: Pick<IncidentHistory, 'timeline' | 'resolution' | 'pin' | 'remediations'>;
  /** The hypothesis that is identified. Undefined: none is. */
  readonly identified: Incident['hypotheses'][number] | undefined;
  readonly changes: Incident['changes'];
  /** When the last member ended, ms. Null: one still fires, or there is none. */
  readonly lastEndMs: number | null;
}

const reopenings: ReadonlySet<IncidentEvent['kind']> = new Set(['reopened', 'reopened-by']);

/** Null for a stage that was not reached, or that nothing tells of. */
export function stagesOf(input: StageInput): IncidentStages {
  const { incident, history, identified, lastEndMs } = input;
  const { startedAtMs, detectedAtMs, resolvedAtMs, triage } = incident;
  const recoveredMs = resolvedAtMs === null ? null : Math.min(lastEndMs ?? resolvedAtMs, resolvedAtMs);
  const action = actionOf(input, recoveredMs ?? Number.POSITIVE_INFINITY);
  const reopened = history.timeline.findLast(({ event }) => reopenings.has(event.kind));
  return {
    onsetMs: Math.min(identified?.sinceMs ?? startedAtMs, startedAtMs),
    detectedMs: detectedAtMs,
    pagedMs: triage?.level === 'page' ? triage.atMs : null,
    acknowledgedMs: history.timeline.find(({ event }) => event.kind === 'acknowledged')?.atMs ?? null,
    causeNamedMs: identified === undefined ? null : causeNamedMs(history, identified.cause.service),
    actionMs: action?.atMs ?? null,
    action: action?.text ?? '',
    recoveredMs,
    ...(reopened !== undefined && { reopenedMs: reopened.atMs }),
  };
}

/** Since when this cause has been named without a break. A pin holds against later evidence. */
function causeNamedMs({ timeline, pin }: StageInput['history'], service: string): number | null {
  if (pin !== null) return timeline.findLast(({ event }) => event.kind === 'pinned')?.atMs ?? null;
  let sinceMs: number | null = null;
  for (const { atMs, event } of timeline)
    if (event.kind === 'blame-changed') sinceMs = event.now?.service === service ? (sinceMs ?? atMs) : null;
  return sinceMs;
}

/** The first change of the cause after the detection and before the recovery, or what the person who resolved it says. */
function actionOf(input: StageInput, beforeMs: number) {
  const { incident, history } = input;
  const change = changeOfCause(input, beforeMs);
  if (change !== undefined) return { atMs: change.startedAtMs, text: change.summary };
  const { resolution } = history;
  if (resolution?.kind !== 'by-person' || incident.resolvedAtMs === null) return null;
  return { atMs: incident.resolvedAtMs, text: resolution.text || `resolved by ${resolution.actor}` };
}

/** The first change of the cause after the detection. `beforeMs`: the recovery. */
export function changeOfCause(
  { incident, identified, changes }: Pick<StageInput, 'incident' | 'identified' | 'changes'>,
  beforeMs: number,
): StageInput['changes'][number] | undefined {
  if (identified === undefined) return undefined;
  const entity = `service:${identified.cause.service}`;
  return changes
    .filter((one) => one.entity === entity && one.startedAtMs > incident.detectedAtMs && one.startedAtMs <= beforeMs)
    .sort((a, b) => a.startedAtMs - b.startedAtMs)[0];
}
