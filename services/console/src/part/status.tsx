import type { Incident } from '../api/types.ts';
import { words } from '../words.ts';

const marks = { open: '●', acknowledged: '◐', resolved: '✓' } as const;

/** The status of an incident as word and mark. */
export function StatusMark({ status }: Pick<Incident, 'status'>) {
  return (
    <span class={`status status-${status}`}>
      <span aria-hidden="true">{marks[status]}</span> {status}
    </span>
  );
}

/** Page, ticket or log entry, with the reason as a tooltip. Nothing for a page, which is the rule, and in incidents without triage. */
export function TriageMark({ triage }: Pick<Incident, 'triage'>) {
  if (triage === null || triage.level === 'page') return null;
  return (
    <span class="triage quiet" title={triage.text}>
      {triage.level === 'log' ? words.logEntry : words.ticket}
    </span>
  );
}
