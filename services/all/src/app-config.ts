/** The configuration of a whole process: every package's section, with the data folder laid over it. */
import { type Config, type Environment, loadConfig } from '@faultline/runtime';
import { sections } from './sections.ts';

export type AppConfig = Config<typeof sections>;

export interface LoadAppOptions {
  /** YAML file, or several, each laid over those before it; without any the defaults and the environment count. */
  readonly file?: string | readonly string[];
  /** Where the embedded log and store keep their data. */
  readonly folder?: string;
  /** As in the file, over the file. */
  readonly overrides?: object;
  readonly env?: Environment;
}

/** Frozen and checked. Throws as `loadConfig` does. */
export function loadAppConfig({ file, folder, overrides, env = process.env }: LoadAppOptions): AppConfig {
  const folders =
    folder === undefined ? {} : { bus: { folder: `${folder}/log` }, store: { folder: `${folder}/store` } };
  return loadConfig({ sections, file, env, overrides: { ...folders, ...overrides } });
}
