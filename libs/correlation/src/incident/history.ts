/** What was done to an incident: kept with it, bounded, newest last. */
import type { StepContext } from '../state/context.ts';
import { historyOf, setHistory } from '../state/incident.ts';
import type { IncidentEvent, IncidentHistory, IncidentState } from '../state/state.ts';

const maxTimeline = 100;
const maxCommands = 20;
/** All entries as JSON. Other parts of an incident share the record with them. */
const maxTimelineChars = 100_000;

/** Replaces parts of an incident's history. The newest entries stay. */
export function changeHistory(step: StepContext, incidentId: string, change: Partial<IncidentHistory>): void {
  const history = { ...historyOf(step.state, incidentId), ...change };
  setHistory(step.state, incidentId, {
    ...history,
    timeline: newest(history.timeline.slice(-maxTimeline)),
    commands: history.commands.slice(-maxCommands),
  });
  step.touch(`history/${incidentId}`);
}

/** The newest entries that fit, and always the last one. */
function newest(timeline: IncidentHistory['timeline']): IncidentHistory['timeline'] {
  let chars = 0;
  const first = timeline.findLastIndex((entry) => {
    chars += JSON.stringify(entry).length;
    return chars > maxTimelineChars;
  });
  return timeline.slice(Math.min(first + 1, timeline.length - 1));
}

interface AppendOptions extends Partial<Pick<IncidentHistory, 'pin' | 'resolution' | 'rejections' | 'remediations'>> {
  /** Publish with this step, without waiting for the flush interval. */
  readonly now?: boolean;
}

/** Appends to the incident's own timeline, with what the event changes in its history. The next revision shows it. */
export function appendTimeline(
  step: StepContext,
  incident: IncidentState,
  event: IncidentEvent,
  { now = false, ...change }: AppendOptions = {},
): void {
  const { timeline } = historyOf(step.state, incident.id);
  changeHistory(step, incident.id, { ...change, timeline: [...timeline, { atMs: step.atMs, event }] });
  step.markChanged(incident, { now });
}
