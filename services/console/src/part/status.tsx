import type { Incident } from '../api/types.ts';

const marks = { open: '●', acknowledged: '◐', resolved: '✓' } as const;

/** The status of an incident as word and mark. */
export function StatusMark({ status }: Pick<Incident, 'status'>) {
  return (
    <span class={`status status-${status}`}>
      <span aria-hidden="true">{marks[status]}</span> {status}
    </span>
  );
}
