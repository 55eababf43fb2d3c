/** Ranking of possible causes from evidence: pure functions, see ADR 0007 and 0017 for their shape. It asks nothing and keeps no state. */
export { type Features, featuresOf } from './features.ts';
export { type EvidencePlan, planEvidence } from './input/plan.ts';
export { type Scored, scoreFeatures } from './probability/score.ts';
export { rankHypotheses, rankWith } from './rank.ts';
export { tuned } from './weigh/tuned.ts';
export { type Calibration, type Tuning, type TuningName, tuningSpec, untuned } from './weigh/tuning.ts';
