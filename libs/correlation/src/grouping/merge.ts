/** Decides whether fresh evidence makes two incidents one. */
import type { IncidentState, ScopeState } from '../state/state.ts';
import { type Connected, decideConnected } from './connected.ts';
import { decideLateConnected } from './late-connected.ts';
import { decideSameCause, type SameCause } from './same-cause.ts';
import { decideSuspectedCause, type SuspectedCause } from './suspected-cause.ts';

export type Merge = Connected | SameCause | SuspectedCause;

/** How the incident whose evidence just came in is merged; null when it stays by itself. */
export function decideMerge(state: ScopeState, incident: IncidentState, atMs: number): Merge | null {
  return (
    decideConnected(state, incident, atMs) ??
    decideSameCause(state, incident, atMs) ??
    decideSuspectedCause(state, incident) ??
    decideLateConnected(state, incident, atMs)
  );
}
