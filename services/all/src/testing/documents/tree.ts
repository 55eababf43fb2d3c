/** The files of the repository, as the check of documents sees them. Tests make small trees of their own with `treeOf`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Tree {
  /** Paths from the root, separated by `/`. */
  readonly files: ReadonlySet<string>;
  /** Every folder that holds a file, also indirectly. */
  readonly folders: ReadonlySet<string>;
  /** Throws when there is no such file. */
  read(path: string): string;
}

/** Folders whose content is installed, built or written by a command. They count as missing, on every machine alike. */
const skipped = /(^|\/)(node_modules|dist|out|data|\.git|\.turbo|\.cache)$|^infra\/secrets$/;

export function readTree(root: string): Tree {
  return createTree(filesBelow(root, ''), (path) => readFileSync(join(root, path), 'utf8'));
}

export function treeOf(texts: Readonly<Record<string, string>>): Tree {
  return createTree(Object.keys(texts), (path) => {
    const text = texts[path];
    if (text === undefined) throw new Error(`no file ${path}`);
    return text;
  });
}

function createTree(paths: readonly string[], read: (path: string) => string): Tree {
  return { files: new Set(paths), folders: new Set(paths.flatMap(foldersAbove)), read };
}

/** The folders that hold a file, the nearest first. The root itself is left out. */
export function foldersAbove(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, steps.length - index).join('/'));
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.test(path) ? [] : filesBelow(root, path);
    return [path];
  });
}
