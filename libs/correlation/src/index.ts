/**
 * The pure core: alerts, changes, evidence, commands and ticks go in; incidents and effects come out. It has no clock, no randomness, no
 * I/O and no promises, as tests check. It does not know where evidence is stored or how a page is sent.
 */

export { matchesLabels, suppressedBy } from './alert/suppress.ts';
export { fitIncident } from './publish/fit.ts';
export { missingText } from './publish/words/missing.ts';
export {
  type Calibration,
  type EvidencePlan,
  type Features,
  featuresOf,
  generalWeightNames,
  planEvidence,
  rankHypotheses,
  rankWith,
  type Scored,
  scoreFeatures,
  type Tuning,
  tuned,
  untuned,
  type WeightName,
  weightOf,
  weightSpecs,
} from './ranking/index.ts';
export type { RankedAlert, Ranking, RankingInput } from './ranking/input/ranking.ts';
export {
  type CatalogueRule,
  type CoreConfig,
  defaultCoreConfig,
  type LabelMatch,
  type OverrideRule,
  type SuppressRule,
} from './state/config.ts';
export type { Effect } from './state/effect.ts';
export { createState, loadState, snapshotState } from './state/load.ts';
export type { Ranker } from './state/ranker.ts';
export type { ScopeState } from './state/state.ts';
export { mergeStates, type OldState } from './state/take-over.ts';
export { type Core, createCore, type Entry, type Step } from './step.ts';
export { nextDeadlineMs } from './take-tick.ts';
export { heldDetail } from './triage/override.ts';
