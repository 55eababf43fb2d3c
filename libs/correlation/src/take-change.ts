/** Takes changes and declared edges of the scope. Changes are kept for a day, in bounded number and bytes. */
import type { Change, DeclaredGraph } from '@faultline/model';
import { querySoon } from './incident/query.ts';
import type { StepContext } from './state/context.ts';

export function takeChange(step: StepContext, change: Change): void {
  const { state } = step;
  const known = state.changes.get(change.id);
  const isNew = known === undefined || hasNews(known, change);
  step.count(change.source, 'changes', isNew ? 'recorded' : 'duplicates');
  if (!isNew) return;
  const kept = { ...change, ...commitsKept(known, change), raw: '' };
  state.changes.set(change.id, kept);
  state.changeIndex.set(kept);
  state.joinedChanges = null;
  step.touch(`change/${change.id}`);
  dropLeastWanted(step);
  queryOpenSoon(step);
}

/** News that any open incident may be about: each reads evidence again soon. */
export function queryOpenSoon(step: StepContext): void {
  const { state } = step;
  for (const id of [...state.index.openIds()].sort()) {
    const incident = state.incidents.get(id);
    if (incident !== undefined) querySoon(step, incident);
  }
}

/** A change is reported again when it ends, when its rollout gets further, and when its commits have been read. */
function hasNews(known: Change, change: Change): boolean {
  return (
    known.endedAtMs !== change.endedAtMs ||
    rolloutStateOf(known) !== rolloutStateOf(change) ||
    listedFiles(known) < listedFiles(change)
  );
}

/** The tool's next report of a change does not know the commits that were read from the Git host. */
function commitsKept(known: Change | undefined, change: Change): Pick<Change, 'release'> {
  const isKept = known !== undefined && listedFiles(known) > listedFiles(change);
  return isKept && known.release !== undefined ? { release: known.release } : {};
}

function listedFiles({ release }: Change): number {
  return release?.commits.reduce((sum, { files }) => sum + 1 + files.length, 0) ?? 0;
}

function rolloutStateOf({ cluster }: Change): string {
  return cluster?.rollout?.state ?? '';
}

/** Declared edges replace what the same source declared before of the same environment. */
export function takeGraph(step: StepContext, graph: DeclaredGraph): void {
  const key = graphKey(graph);
  const known = step.state.graphs.get(key);
  if (known !== undefined && known.declaredAtMs > graph.declaredAtMs) return;
  step.state.graphs.set(key, graph);
  step.state.callGraphs.clear();
  step.touch(`graph/${key}`);
}

function graphKey({ source, scope: { environment } }: DeclaredGraph): string {
  return environment === '' ? source : `${source}@${environment}`;
}

/** Holds the number of changes, and their bytes. The change that just came may be the one that goes. */
function dropLeastWanted(step: StepContext): void {
  const { changes, changeIndex } = step.state;
  const { maxChanges, maxChangeBytes } = step.config;
  while (changes.size > maxChanges || (maxChangeBytes > 0 && changeIndex.bytes > maxChangeBytes)) {
    const id = changeIndex.leastWanted();
    if (id === undefined) return;
    changes.delete(id);
    changeIndex.delete(id);
    step.touch(`change/${id}`);
  }
}
