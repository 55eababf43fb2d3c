/** The machine: one input in, the state changed, effects out. */
import { type Input, type Scope, upgradeEvidenceResult } from '@faultline/model';
import { suppressedBy } from './alert/suppress.ts';
import { takeAlert } from './alert/take.ts';
import { takeChange, takeGraph } from './change.ts';
import { type CoreConfig, parseCoreConfig } from './config.ts';
import type { Effect } from './effect.ts';
import { takeAnswer } from './incident/answer.ts';
import { takeCommand } from './incident/command.ts';
import { publishChanged } from './incident/publish.ts';
import type { Ranker } from './ranker.ts';
import { type Draft, finishDraft, planTouched } from './state/draft.ts';
import { planAll } from './state/due.ts';
import { incidentsByDetection, loadState } from './state/load.ts';
import type { ScopeState } from './state/state.ts';
import { planTick, takeTick } from './tick.ts';

/** One input and the time at which it was taken: the only clock there is. Times never fall from one entry to the next. */
export interface Entry {
  readonly atMs: number;
  readonly input: Input;
}

export interface Step {
  readonly state: ScopeState;
  readonly effects: readonly Effect[];
}

/** The pure machine, with the judgements it was given. */
export interface Core {
  /** Takes one input. The state is changed in place: use the one given back, never the old one again. */
  step(state: ScopeState, entry: Entry): Step;
  /** Whether this input would open an incident while none is open: the place for a checkpoint in the journal. May be wrong on the yes side. */
  wouldOpen(state: ScopeState, input: Input): boolean;
}

/** The machine over these judgements. */
export function createCore(ranker: Ranker): Core {
  return { step: (state, entry) => step(ranker, state, entry), wouldOpen };
}

function step(ranker: Ranker, state: ScopeState, { atMs, input }: Entry): Step {
  if (input.kind === 'checkpoint') return restore(state.scope, input.records);
  const { config } = state;
  const draft: Draft = {
    state,
    config,
    ranker,
    atMs,
    effects: [],
    touched: new Set(),
    changed: new Map(),
    due: new Set(),
  };
  take(draft, input);
  publishChanged(draft);
  planTouched(draft);
  if (input.kind === 'tick') planTick(draft);
  return { state, effects: finishDraft(draft) };
}

function take(draft: Draft, input: Exclude<Input, { kind: 'checkpoint' }>): void {
  switch (input.kind) {
    case 'alert':
      takeAlert(draft, input.alert);
      break;
    case 'change':
      takeChange(draft, input.change);
      break;
    case 'graph':
      takeGraph(draft, input.graph);
      break;
    case 'command':
      takeCommand(draft, input.command);
      break;
    case 'answer':
      takeAnswer(draft, upgradeEvidenceResult(input.answer));
      break;
    case 'tick':
      takeTick(draft);
      break;
    case 'config':
      configure(draft, parseCoreConfig(input.config));
      break;
  }
}

/** New settings may make other things due, and other incidents recent. */
function configure({ state, touched }: Draft, config: CoreConfig): void {
  state.config = config;
  state.index.resetRecent(incidentsByDetection(state));
  planAll(state);
  touched.add('config');
}

/** Writes nothing: a checkpoint repeats what the changelog has. */
function restore(scope: Scope, records: Parameters<typeof loadState>[1]): Step {
  return { state: loadState(scope, records), effects: [] };
}

function wouldOpen(state: ScopeState, input: Input): boolean {
  if (state.index.hasOpen) return false;
  if (input.kind === 'command') return input.command.action.kind === 'reopen';
  if (input.kind !== 'alert' || input.alert.status !== 'firing') return false;
  const known = state.alerts.get(`${input.alert.source}/${input.alert.fingerprint}`);
  return known?.status !== 'firing' && suppressedBy(state.config.suppress, input.alert) === null;
}
