/**
 * The shell round the pure core: it consumes, steps, commits and asks. No decision lives here: what to group, when to page and what to
 * blame is decided in libs/correlation.
 */
export { type CorrelatorConfig, correlatorConfig } from './config.ts';
export { type Correlator, type CorrelatorOptions, createCorrelator } from './correlator.ts';
export { type CorrelatorErrorCode, correlatorErrors } from './errors.ts';
export { completeExport, type ReplayReport, replayExport } from './replay/export.ts';
