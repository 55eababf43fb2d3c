/**
 * CODEOWNERS of GitHub: the last pattern that matches a path names its owners.
 * Format: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners.
 */
import type { CatalogueEntry, CatalogueSource } from './entry.ts';

export interface CodeownersRules {
  /** The folder of a service, with `{service}` for its name: `services/{service}`. */
  readonly paths: readonly string[];
  /** Folders of services that no such path describes. */
  readonly services: Readonly<Record<string, string>>;
}

interface Line {
  readonly pattern: string;
  readonly owners: readonly string[];
  readonly number: number;
}

/** Services that the file names by a path, and those that the rules name. A pattern for everything owns only these. */
export function readCodeowners(text: string, rules: CodeownersRules, source: string): CatalogueSource {
  const lines = text.split(/\r?\n/).flatMap(parseLine);
  const folders = new Map(lines.flatMap(({ pattern }) => rules.paths.flatMap((path) => serviceIn(pattern, path))));
  for (const [service, folder] of Object.entries(rules.services)) folders.set(service, folder);
  const entries = [...folders].flatMap(([service, folder]) => entryOf(service, folder, lines, source));
  return { entries, teams: [] };
}

function parseLine(line: string, index: number): readonly Line[] {
  const [pattern, ...owners] = line
    .replace(/(^|\s)#.*$/, '')
    .trim()
    .split(/\s+/);
  // A section of GitLab has its own rules.
  if (pattern === undefined || pattern === '' || /^\^?\[/.test(pattern)) return [];
  return [{ pattern, owners, number: index + 1 }];
}

/** The service and folder that a pattern names literally by a path of the rules. */
function serviceIn(pattern: string, path: string): readonly (readonly [string, string])[] {
  const folder = trimSlashes(path);
  const [before = '', after = ''] = folder.split('{service}').map(escapeRegExp);
  const found = new RegExp(`^${before}([^/*?]+)${after}(?:/|$)`).exec(trimSlashes(pattern));
  const service = found?.[1];
  return service === undefined ? [] : [[service, folder.replace('{service}', service)]];
}

function entryOf(service: string, folder: string, lines: readonly Line[], source: string): readonly CatalogueEntry[] {
  // Any file of the folder: a pattern for one extension does not own the service.
  const file = `${trimSlashes(folder)}/x`;
  const line = lines.findLast(({ pattern }) => patternOf(pattern).test(file));
  const owner = line?.owners.find((name) => name.includes('/')) ?? line?.owners[0];
  if (line === undefined || owner === undefined) return [];
  const isAddress = !owner.startsWith('@');
  return [
    {
      match: { service },
      team: isAddress ? owner : owner.slice(owner.lastIndexOf('/') + 1).replace('@', ''),
      contact: isAddress ? owner : '',
      runbooks: [],
      sameAs: [],
      source: `${source}:${line.number}`,
    },
  ];
}

/** As gitignore, but `docs/*` takes in the files of that folder and none below. */
function patternOf(pattern: string): RegExp {
  const inner = pattern.replace(/\/$/, '');
  const isAnchored = inner.includes('/');
  const isOneLevel = /(^|\/)\*$/.test(inner) && isAnchored;
  const glob = escapeRegExp(trimSlashes(inner))
    .replace(/\\\*\\\*\//g, '(?:.*/)?')
    .replace(/\\\*\\\*/g, '.*')
    .replace(/\\\*/g, '[^/]*')
    .replace(/\\\?/g, '[^/]');
  return new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${glob}${isOneLevel ? '$' : '(?:/|$)'}`);
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
