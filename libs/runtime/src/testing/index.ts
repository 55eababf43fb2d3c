/** Helpers for tests of other packages. */
export { makeCertificate, writeCertificate } from './certificate.ts';
export { type Costs, isLinear, leastCosts } from './cost.ts';
export { type Allocations, allocations, isLinearMemory } from './memory.ts';
