import { addMember, createMembers } from '../state/members.ts';
import type { AlertState, Members } from '../state/state.ts';

/** The index of these members alone. Each gets a key of its own. */
export function membersFrom(alerts: readonly AlertState[]): Members {
  const members = createMembers();
  for (const [index, alert] of alerts.entries()) addMember(members, { ...alert, key: `alert-${index}` });
  return members;
}
