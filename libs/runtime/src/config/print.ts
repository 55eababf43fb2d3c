import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { isRecord, type Sections } from './schema.ts';

export interface PrintOptions {
  readonly sections: Sections;
  /** Only values that differ from the defaults. */
  readonly diff: boolean;
}

/** Prints the configuration as YAML that `loadConfig` could read, except for its masked secrets. */
export function printConfig(config: Readonly<Record<string, unknown>>, { sections, diff }: PrintOptions): string {
  const masked = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  const shown = diff ? difference(masked, defaultsOf(sections)) : masked;
  return shown === undefined ? '# nothing differs from the defaults\n' : stringify(shown, { lineWidth: 0 });
}

/** A section with a required key has no defaults to compare with. */
function defaultsOf(sections: Sections): Record<string, unknown> {
  const parsed = Object.entries(sections).map(([name, section]) => [name, section.safeParse({}).data]);
  return JSON.parse(JSON.stringify(Object.fromEntries(parsed))) as Record<string, unknown>;
}

function difference(value: unknown, defaults: unknown): unknown {
  if (isDeepStrictEqual(value, defaults)) return undefined;
  if (!isRecord(value) || !isRecord(defaults)) return value;
  const kept = Object.entries(value)
    .map(([key, child]) => [key, difference(child, defaults[key])] as const)
    .filter(([, child]) => child !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
