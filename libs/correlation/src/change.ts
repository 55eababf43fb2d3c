/** Changes and declared edges of the scope, kept for a day and in bounded number. */
import type { Change, DeclaredGraph } from '@faultline/model';
import { askSoon } from './incident/ask.ts';
import { count, type Draft, sortedValues, touch } from './state/draft.ts';
import type { ScopeState } from './state/state.ts';

/** Takes a change. One that holds for the whole tenant is counted by the tenant's own scope, not by each that it reaches. */
export function takeChange(draft: Draft, change: Change): void {
  const { state } = draft;
  const known = state.changes.get(change.id);
  const isNew = known === undefined || known.endedAtMs !== change.endedAtMs;
  if (change.scope.environment === state.scope.environment)
    count(draft, change.source, 'changes', isNew ? 'recorded' : 'duplicates');
  if (!isNew) return;
  state.changes.set(change.id, { ...change, raw: '' });
  touch(draft, `change/${change.id}`);
  boundChanges(draft);
  for (const id of [...state.index.openIds()].sort()) {
    const incident = state.incidents.get(id);
    if (incident !== undefined) askSoon(draft, incident);
  }
}

/** Takes declared edges: they replace what the same source declared before. */
export function takeGraph(draft: Draft, graph: DeclaredGraph): void {
  const known = draft.state.graphs.get(graph.source);
  if (known !== undefined && known.declaredAtMs > graph.declaredAtMs) return;
  draft.state.graphs.set(graph.source, graph);
  draft.state.graph = null;
  touch(draft, `graph/${graph.source}`);
}

function boundChanges(draft: Draft): void {
  const { state, config } = draft;
  if (state.changes.size <= config.maxChanges) return;
  const oldest = oldestChange(state);
  if (oldest !== null) forget(draft, oldest.id);
}

function oldestChange(state: ScopeState): Change | null {
  let oldest: Change | null = null;
  for (const change of sortedValues(state.changes))
    if (oldest === null || lastMs(change) < lastMs(oldest)) oldest = change;
  return oldest;
}

function lastMs(change: Change): number {
  return Math.max(change.startedAtMs, change.receivedAtMs);
}

function forget(draft: Draft, id: string): void {
  draft.state.changes.delete(id);
  touch(draft, `change/${id}`);
}
