/** Ranking of possible causes from evidence: pure functions, see ADR 0007 for their shape. It asks nothing and keeps no state. */
export { type EvidencePlan, planEvidence } from './plan.ts';
export { rankHypotheses } from './rank.ts';
