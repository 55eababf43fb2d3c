/** The configuration of a whole process: the section of every package, with the data folder on top. */
import { type Config, type Environment, loadConfig } from '@faultline/runtime';
import { sections } from './sections.ts';

export type AppConfig = Config<typeof sections>;

export interface LoadAppOptions {
  /** One YAML file, or several, each on top of those before it. Without any: the defaults and the environment. */
  readonly file?: string | readonly string[];
  /** Folder of the embedded log and store. */
  readonly folder?: string;
  /** On top of the file, in the same form. */
  readonly overrides?: object;
  readonly env?: Environment;
}

/** Frozen and checked. Throws as `loadConfig` does. */
export function loadAppConfig({ file, folder, overrides, env = process.env }: LoadAppOptions): AppConfig {
  return loadConfig({ sections, file, env, overrides: { ...foldersOf(folder), ...overrides } });
}

/** The settings that a data folder stands for. */
export function foldersOf(folder: string | undefined): object {
  return folder === undefined ? {} : { bus: { folder: `${folder}/log` }, store: { folder: `${folder}/store` } };
}
