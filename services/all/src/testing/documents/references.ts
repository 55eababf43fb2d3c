/** Finds what documents and comments name and what does not exist: files, folders, commands, settings, decisions. */
import { commandsIn, unknownIn } from './commands.ts';
import { exists, pathsIn } from './paths.ts';
import { type Prose, proseOf } from './prose.ts';
import { type Settings, unknownSettingsIn } from './settings.ts';
import type { Tree } from './tree.ts';

export interface Broken {
  /** The document or source file. */
  readonly path: string;
  readonly kind: 'path' | 'command' | 'setting' | 'decision';
  readonly name: string;
}

export function brokenReferences(tree: Tree, settings: Settings): Broken[] {
  return [...tree.files]
    .sort()
    .flatMap((path) => (isReadable(path) ? (proseOf(path, tree.read(path)) ?? []) : []))
    .flatMap((prose) => brokenIn(prose, tree, settings));
}

/** The text of a template is checked where it lands: in the document that is made of it. */
const isReadable = (path: string): boolean =>
  !path.endsWith('.template.md') && /(\.(md|ts|tsx|sql|proto|css|ya?ml|sh|toml|env)|Dockerfile|\.ci\/run)$/.test(path);

function brokenIn(prose: Prose, tree: Tree, settings: Settings): Broken[] {
  const { path, text } = prose;
  const paths = pathsIn(text, tree).filter((name) => !exists(name, path, tree) && !isSetting(name, settings));
  const named = (kind: Broken['kind'], names: readonly string[]): Broken[] =>
    [...new Set(names)].map((name) => ({ path, kind, name }));
  return [
    ...named('path', paths),
    ...named(
      'command',
      commandsIn(text).flatMap((command) => unknownIn(command, tree)),
    ),
    ...named(
      'setting',
      unknownSettingsIn(text, settings).filter((name) => !/\.(ts|tsx|md|sql|yaml|json)$/.test(name)),
    ),
    ...named('decision', unknownDecisions(prose, tree)),
  ];
}

/** A setting whose last step looks like the ending of a file. */
const isSetting = (name: string, settings: Settings): boolean => settings.paths.has(name);

/** `ADR 0007, 0017`, and in the decisions themselves any four digits that begin with 00. */
function unknownDecisions({ path, text }: Prose, tree: Tree): string[] {
  const listed = [...text.matchAll(/\bADRs? (\d{1,4}(?:(?:, | and )\d{4})*)/g)].flatMap(([, list = '']) =>
    list.split(/, | and /),
  );
  const bare = path.startsWith('docs/adr/') ? (text.match(/\b00\d\d\b/g) ?? []) : [];
  const numbers = [...listed, ...bare].map((number) => number.padStart(4, '0'));
  return numbers.filter((number) => ![...tree.files].some((file) => file.startsWith(`docs/adr/${number}-`)));
}
