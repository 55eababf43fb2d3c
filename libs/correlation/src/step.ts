/** The machine: takes one input, changes the state and returns effects. */
import { type Alert, type Input, upgradeEvidenceResult } from '@faultline/model';
import { isNews } from './alert/decide.ts';
import { suppressedBy } from './alert/suppress.ts';
import { fitMember } from './publish/fit.ts';
import { memberOf } from './publish/member.ts';
import { publishChanged } from './publish/publish.ts';
import { type CoreConfig, parseCoreConfig } from './state/config.ts';
import { StepContext } from './state/context.ts';
import { planAll } from './state/deadlines.ts';
import type { Effect } from './state/effect.ts';
import { incidentsByDetection, loadState } from './state/load.ts';
import type { Ranker } from './state/ranker.ts';
import type { ScopeState } from './state/state.ts';
import { alertKeyOf, takeAlert } from './take-alert.ts';
import { takeChange, takeGraph } from './take-change.ts';
import { takeCommand } from './take-command.ts';
import { takeEvidence } from './take-evidence.ts';
import { takeFinding } from './take-finding.ts';
import { isOverdue, isWatchedHeartbeat } from './take-heartbeat.ts';
import { planTick, takeTick } from './take-tick.ts';

/** One input and the time at which the host took it: the only clock there is. Times never fall from one entry to the next. */
export interface Entry {
  readonly atMs: number;
  readonly input: Input;
}

export interface Step {
  readonly state: ScopeState;
  /** Saves first, in the order of keys; then the others, in the order in which the step came to them. */
  readonly effects: readonly Effect[];
}

export interface Core {
  /** Takes one input. The state is changed in place: go on with the returned one, never with the old one. */
  step(state: ScopeState, entry: Entry): Step;
  /** Whether this input would open an incident while none is open: the place for a checkpoint. May return a false positive. */
  wouldOpen(state: ScopeState, entry: Entry): boolean;
}

/** The machine with a ranker. */
export function createCore(ranker: Ranker): Core {
  return { step: (state, entry) => takeStep(ranker, state, entry), wouldOpen };
}

function takeStep(ranker: Ranker, state: ScopeState, { atMs, input }: Entry): Step {
  // A checkpoint repeats what the changelog has, so nothing is written.
  if (input.kind === 'checkpoint') return { state: loadState(state.scope, input.records), effects: [] };
  const step = new StepContext(state, ranker, atMs);
  takeInput(step, input);
  publishChanged(step);
  step.planTimers();
  if (input.kind === 'tick') planTick(step);
  return { state, effects: effectsOf(step) };
}

function takeInput(step: StepContext, input: Exclude<Input, { kind: 'checkpoint' }>): void {
  switch (input.kind) {
    case 'alert':
      takeAlert(step, input.alert);
      break;
    case 'change':
      takeChange(step, input.change);
      break;
    case 'graph':
      takeGraph(step, input.graph);
      break;
    case 'finding':
      takeFinding(step, input.finding);
      break;
    case 'command':
      takeCommand(step, input.command);
      break;
    case 'answer':
      takeEvidence(step, upgradeEvidenceResult(input.answer));
      break;
    case 'tick':
      takeTick(step);
      break;
    case 'config':
      configure(step, parseCoreConfig(input.config));
      break;
  }
}

/** New settings move deadlines, other incidents may count as recent, and the graph caches what a limit of hops reaches. */
function configure(step: StepContext, config: CoreConfig): void {
  const { state } = step;
  state.config = config;
  state.callGraphs.clear();
  state.index.resetRecent(incidentsByDetection(state));
  // A rule that held something back may be gone.
  for (const incident of state.incidents.values())
    if (incident.heldBack !== null) step.markChanged(incident, { now: true });
  planAll(state);
  step.touch('config');
}

function effectsOf(step: StepContext): Effect[] {
  const others = step.effects.map((effect): Effect => {
    if (effect.kind !== 'member-change') return effect;
    const member = memberOf(step.state.scope, effect);
    return { kind: 'member', member: fitMember(member, step.config.maxRevisionBytes) };
  });
  return [...step.saves(), ...others];
}

function wouldOpen(state: ScopeState, { atMs, input }: Entry): boolean {
  if (state.index.hasOpen) return false;
  if (input.kind === 'command') return input.command.action.kind === 'reopen';
  if (input.kind === 'tick')
    return [...state.heartbeats.values()].some((heartbeat) => isOverdue(state, heartbeat, atMs));
  return input.kind === 'alert' && mayOpen(state, input.alert);
}

function mayOpen(state: ScopeState, alert: Alert): boolean {
  const key = alertKeyOf(state, alert);
  // The end of a heartbeat is its absence.
  if (isWatchedHeartbeat(state, alert))
    return alert.status === 'resolved' && state.heartbeats.get(key)?.isAbsent === false;
  if (alert.status !== 'firing') return false;
  const known = state.alerts.get(key);
  const isRepetition = known?.status === 'firing' && !isNews(known, alert);
  return !isRepetition && suppressedBy(state.config.suppress, alert) === null;
}
