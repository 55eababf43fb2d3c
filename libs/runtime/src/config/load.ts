/**
 * Loads the configuration: a YAML file for all roles. Each section is checked with the schema of the package that owns
 * it.
 */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { AppError } from '../error.ts';
import { applyEnvironment, type Environment } from './environment.ts';
import { describeProblems, unknownKey } from './problem.ts';
import { isRecord, type Sections, schemaOf } from './schema.ts';
import { readSecrets } from './secret-source.ts';

export interface LoadOptions<S extends Sections> {
  /** The schema of each section, by name. */
  readonly sections: S;
  /**
   * A YAML file, or several, merged key by key with later ones on top. Without a file only defaults and the environment
   * apply.
   */
  readonly file?: string | readonly string[] | undefined;
  readonly env: Environment;
  /** Applied over the files and below the environment: what a command line or an embedding program sets. */
  readonly overrides?: object | undefined;
}

export type Config<S extends Sections> = { readonly [Name in keyof S]: z.infer<S[Name]> };

/**
 * Reads, checks and freezes the configuration. Throws RUNTIME_CONFIG_UNREADABLE (no such file, or not YAML),
 * RUNTIME_SECRET_UNREADABLE, or RUNTIME_CONFIG_INVALID with one line per problem.
 */
export function loadConfig<S extends Sections>({ sections, file, env, overrides }: LoadOptions<S>): Config<S> {
  const schema = schemaOf(sections);
  const files = filesOf(file);
  const fromFile = readFiles(files);
  // A file that is not a mapping is reported below instead of being hidden by overrides.
  const laidOver = isRecord(fromFile) ? layOver(fromFile, overrides ?? {}) : fromFile;
  const overridden = applyEnvironment(laidOver, schema, env);
  const where = files.join(' with ') || 'the environment';
  refuse('RUNTIME_CONFIG_INVALID', where, [...unknownSections(laidOver, sections), ...overridden.problems]);
  const withSecrets = readSecrets(overridden.value, schema, env);
  refuse('RUNTIME_SECRET_UNREADABLE', where, withSecrets.problems);
  const raw = withSecrets.value as Record<string, unknown>;
  const whole = Object.fromEntries(Object.keys(sections).map((name) => [name, raw[name] ?? {}]));
  const checked = z.strictObject(sections).safeParse(whole);
  if (!checked.success) {
    refuse('RUNTIME_CONFIG_INVALID', where, describeProblems(checked.error, schema, whole));
    throw checked.error;
  }
  return deepFreeze(checked.data) as Config<S>;
}

/** The files of an option that names none, one or several. */
export function filesOf(file: string | readonly string[] | undefined): readonly string[] {
  if (file === undefined) return [];
  return typeof file === 'string' ? [file] : file;
}

/** Merges all files. The first one that is not a mapping is returned as it is, so that it is reported. */
function readFiles(files: readonly string[]): unknown {
  const layers = files.map(readYaml);
  const broken = layers.find((layer) => !isRecord(layer));
  return broken === undefined ? layers.reduce(layOver, {}) : broken;
}

/** Merges objects key by key. Any other value replaces the one below. */
function layOver(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const merged = Object.entries(above).map(([key, value]) => [key, key in below ? layOver(below[key], value) : value]);
  return { ...below, ...Object.fromEntries(merged) };
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('RUNTIME_CONFIG_UNREADABLE', `cannot read the configuration: ${(error as Error).message}`, {
      kind: 'permanent',
      cause: error,
    });
  }
  const lineCounter = new LineCounter();
  // The library's pretty errors quote the surrounding lines, which may contain a secret.
  const document = parseDocument(text, { prettyErrors: false, lineCounter });
  const [error] = document.errors;
  if (error === undefined) return document.toJS() ?? {};
  const { line, col } = lineCounter.linePos(error.pos[0]);
  throw new AppError('RUNTIME_CONFIG_UNREADABLE', `${file}:${line}:${col}: not YAML (${error.code})`, {
    kind: 'permanent',
  });
}

function unknownSections(raw: unknown, sections: Sections): readonly string[] {
  if (!isRecord(raw)) return ['expected a mapping of sections at the top'];
  const known = Object.keys(sections);
  return Object.keys(raw)
    .filter((name) => !known.includes(name))
    .map((name) => unknownKey([], name, known));
}

function refuse(code: string, where: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const list = problems.map((problem) => `\n  - ${problem}`).join('');
  throw new AppError(code, `${where} has ${problems.length} problem${problems.length > 1 ? 's' : ''}:${list}`, {
    kind: 'permanent',
  });
}

function deepFreeze<Value>(value: Value): Value {
  const plain =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));
  if (!plain) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
