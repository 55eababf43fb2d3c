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

/** A configuration with everything that is wrong with it. */
export interface Inspection<S extends Sections> {
  /** The files, or the environment, as messages name them. */
  readonly where: string;
  /** One line for each problem. */
  readonly problems: readonly string[];
  /** True when secrets that cannot be read are the only problem. */
  readonly onlySecrets: boolean;
  /** The sections without a problem of their own. */
  readonly sections: Partial<Config<S>>;
}

/** Reads and checks, and finds all problems at once. Throws RUNTIME_CONFIG_UNREADABLE (no such file, not YAML). */
export function inspectConfig<S extends Sections>({ sections, file, env, overrides }: LoadOptions<S>): Inspection<S> {
  const schema = schemaOf(sections);
  const files = filesOf(file);
  const fromFile = readFiles(files);
  // A file that is not a mapping is a problem. Overrides must not hide it.
  const laidOver = isRecord(fromFile) ? layOver(fromFile, overrides ?? {}) : fromFile;
  const overridden = applyEnvironment(laidOver, schema, env);
  const withSecrets = readSecrets(overridden.value, schema, env);
  const raw = isRecord(withSecrets.value) ? withSecrets.value : {};
  const whole = Object.fromEntries(Object.keys(sections).map((name) => [name, raw[name] ?? {}]));
  const checked = z.strictObject(sections).safeParse(whole);
  const others = [
    ...unknownSections(laidOver, sections),
    ...overridden.problems,
    ...(checked.success ? [] : describeProblems(checked.error, schema, whole)),
  ];
  return {
    where: files.join(' with ') || 'the environment',
    problems: [...others, ...withSecrets.problems],
    onlySecrets: others.length === 0 && withSecrets.problems.length > 0,
    sections: deepFreeze(checked.success ? checked.data : validSections(sections, whole)) as Partial<Config<S>>,
  };
}

function validSections(sections: Sections, whole: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed = Object.entries(sections).map(([name, schema]) => [name, schema.safeParse(whole[name])] as const);
  return Object.fromEntries(parsed.flatMap(([name, result]) => (result.success ? [[name, result.data]] : [])));
}

/**
 * Reads, checks and freezes the configuration. Throws RUNTIME_CONFIG_UNREADABLE (no such file, or not YAML),
 * RUNTIME_SECRET_UNREADABLE, or RUNTIME_CONFIG_INVALID with one line per problem.
 */
export function loadConfig<S extends Sections>(options: LoadOptions<S>): Config<S> {
  const { where, problems, onlySecrets, sections } = inspectConfig(options);
  if (problems.length === 0) return sections as Config<S>;
  const code = onlySecrets ? 'RUNTIME_SECRET_UNREADABLE' : 'RUNTIME_CONFIG_INVALID';
  throw new AppError(code, describeInspection({ where, problems }), { kind: 'permanent' });
}

/** `FILE has 2 problems:` and a line for each. */
export function describeInspection({ where, problems }: Pick<Inspection<Sections>, 'where' | 'problems'>): string {
  const list = problems.map((problem) => `\n  - ${problem}`).join('');
  return `${where} has ${problems.length} problem${problems.length > 1 ? 's' : ''}:${list}`;
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

function deepFreeze<Value>(value: Value): Value {
  const plain =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));
  if (!plain) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
