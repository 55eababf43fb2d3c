import type { Incident } from '@faultline/model';
import { StepContext } from '../state/context.ts';
import type { Effect, PendingEffect } from '../state/effect.ts';
import type { AlertState, IncidentEvidence, IncidentState } from '../state/state.ts';
import { Player } from './player.ts';
import { playLine } from './scenario.ts';
import { stubHypothesis, stubRanker } from './stub-ranker.ts';

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

/** The member with this fingerprint, `NAME/SERVICE`. */
export function alertOf({ state }: Player, fingerprint: string): AlertState {
  const alert = state.alerts.get(`am/${fingerprint}`);
  if (alert === undefined) throw new Error(`no alert ${fingerprint}`);
  return alert;
}

/** The published revisions of one incident, oldest first. */
export function revisionsOf(player: Player, name = '#1'): readonly Incident[] {
  const published = effectsOf(player, 'publish').map(({ incident }) => incident);
  return published.filter(({ id }) => id === player.names.id(name));
}

/** The last published revision of an incident. */
export function pageOf(player: Player, name = '#1'): Incident {
  const page = revisionsOf(player, name).at(-1);
  if (page === undefined) throw new Error(`no revision of ${name}`);
  return page;
}

/** A step on the state as it is now, for the functions that take one. */
export function stepOf({ state, atMs }: Player): StepContext {
  return new StepContext(state, stubRanker, atMs);
}

type AnyEffect = Effect | PendingEffect;

/** The effects of one kind so far: of a step, or of all that a player did. */
export function effectsOf<Kind extends AnyEffect['kind']>(
  { effects }: { readonly effects: readonly AnyEffect[] },
  kind: Kind,
): readonly Extract<AnyEffect, { kind: Kind }>[] {
  return effects.filter((effect): effect is Extract<AnyEffect, { kind: Kind }> => effect.kind === kind);
}

interface EvidenceFacts {
  readonly cause?: string;
  readonly verdict?: IncidentEvidence['ranking']['verdict'];
  readonly degraded?: readonly string[];
  readonly related?: readonly string[];
  /** Ids of suspected changes. */
  readonly suspects?: readonly string[];
}

/** Evidence that shows this. */
export function newEvidence({
  cause,
  verdict = cause === undefined ? 'inconclusive' : 'identified',
  degraded = [],
  related = [],
  suspects = [],
}: EvidenceFacts): IncidentEvidence {
  const change = { kind: 'deploy', entity: '', startedAtMs: 0, actor: '', summary: '', url: '', reason: '' } as const;
  return {
    ranking: {
      verdict,
      hypotheses: cause === undefined ? [] : [stubHypothesis(cause)],
      graph: { nodes: [], edges: [] },
      changes: suspects.map((id) => ({ ...change, id, verdict: 'suspect' })),
      timeline: [],
      missingEvidence: [],
      disturbed: degraded.length > 0,
      disturbedServices: degraded,
    },
    past: [],
    related,
    missing: [],
    reachable: true,
  };
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
    environment: '',
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
    repeatsStart: false,
    outlived: 0,
    ...over,
  };
}
