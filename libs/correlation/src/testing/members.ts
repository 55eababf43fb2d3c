import { Members } from '../state/members.ts';
import type { AlertState } from '../state/state.ts';

/** An index of these members alone. Each gets a key of its own. */
export function membersFrom(alerts: readonly AlertState[]): Members {
  const members = new Members();
  for (const [index, alert] of alerts.entries()) members.add({ ...alert, key: `alert-${index}` });
  return members;
}
