/**
 * The host of the pure core: it consumes, steps, commits and runs queries. It decides nothing: libs/correlation decides what to group,
 * when to page and what to blame.
 */
export { Catalogue } from './catalogue/catalogue.ts';
export { describeOwners } from './catalogue/describe.ts';
export { type CorrelatorConfig, correlatorConfig, rulesOf } from './config.ts';
export { type Correlator, type CorrelatorOptions, createCorrelator } from './correlator.ts';
export { type CorrelatorErrorCode, correlatorErrors } from './errors.ts';
export {
  type BacktestIncident,
  type BacktestReport,
  type BacktestRule,
  backtest,
  type Rules,
} from './replay/backtest.ts';
export { completeExport, type ReplayReport, replayExport } from './replay/export.ts';
export { ruleWarnings } from './rule-warnings.ts';
export { type SuppressionRule, suppressionOf } from './suppression.ts';
