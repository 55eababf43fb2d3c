/** Configuration: load, check, print, describe. Each package owns the schema of its section. */
export { type ConfigCommandOptions, runConfigCommand } from './command.ts';
export { describeConfig } from './describe.ts';
export { type Environment, environmentName } from './environment.ts';
export {
  type Config,
  describeInspection,
  type Inspection,
  inspectConfig,
  type LoadOptions,
  loadConfig,
} from './load.ts';
export { nearest } from './nearest.ts';
export { type PrintOptions, printConfig } from './print.ts';
export type { Sections } from './schema.ts';
