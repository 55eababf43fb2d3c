/** Ranks possible causes by evidence. Pure functions: they ask nothing and keep no state. See README.md, and ADR 0007 and 0017. */
export { type Features, featuresOf } from './features.ts';
export { type EvidencePlan, planEvidence } from './input/plan.ts';
export type { Scored } from './probability/candidate.ts';
export { rankHypotheses, rankWith } from './rank.ts';
export { scoreFeatures } from './score.ts';
export { tuned } from './weigh/tuned.ts';
export {
  type Calibration,
  generalWeightNames,
  type Tuning,
  untuned,
  type WeightName,
  weightOf,
  weightSpecs,
} from './weigh/tuning.ts';
