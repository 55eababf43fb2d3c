import type { AlertState, IncidentState } from '../state/state.ts';
import { Player } from './player.ts';
import { playLine } from './scenario.ts';

/** The machine after these lines of a scenario. */
export function played(...lines: readonly string[]): Player {
  const player = new Player();
  for (const line of ['0s config revisionScheduleMs=[]', ...lines]) playLine(player, line);
  return player;
}

/** The incident with this name, `#1`. */
export function incidentOf(player: Player, name = '#1'): IncidentState {
  const incident = player.state.incidents.get(player.names.id(name));
  if (incident === undefined) throw new Error(`no incident ${name}`);
  return incident;
}

/** An alert that the machine does not know yet. */
export function newAlert(entities: AlertState['entities'], over: Partial<AlertState> = {}): AlertState {
  return {
    key: 'am/new',
    source: 'am',
    fingerprint: 'new',
    name: 'New',
    labels: {},
    annotations: {},
    entities,
    url: '',
    severity: 'error',
    status: 'firing',
    startsAtMs: 1_700_000_000_000,
    endsAtMs: null,
    lastReceivedMs: 0,
    expiresAfterMs: null,
    incidentId: null,
    reason: null,
    provisional: false,
    flaps: 0,
    ...over,
  };
}
