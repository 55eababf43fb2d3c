import type { Placement } from '../../grouping/place.ts';
import { isProvisional } from '../../grouping/reason.ts';
import type { StepContext } from '../../state/context.ts';
import type { AlertState } from '../../state/state.ts';
import { joinIncident } from '../join.ts';
import { openIncident, reopenIncident } from '../life.ts';

/** Puts an alert where it belongs. */
export function applyPlacement(step: StepContext, alert: AlertState, placement: Placement): void {
  if (placement.kind === 'open') {
    const reason = placement.flood ?? ({ kind: 'opened' } as const);
    openIncident(step, { alert, reason, detached: false, isFlood: placement.flood !== null });
    return;
  }
  const { incident, reason } = placement;
  joinIncident(step, alert, incident, reason, reason.kind !== 'flood' && isProvisional(reason));
  if (incident.status === 'resolved') reopenIncident(step, incident, { kind: 'reopened', reason });
}
