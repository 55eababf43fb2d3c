/** Names of files and folders in prose: which words are such names, and whether they exist. */
import { foldersAbove, type Tree } from './tree.ts';

const extension = /\.(ts|tsx|md|sql|avsc|proto|yaml|yml|json|txt|sh|mjs|html|css|xml|zst|png)$/;
const url = /\b[a-z+]+:\/\/[^\s)>`]*/g;
/** A word of steps separated by `/`. `<name>` and `*` stand for any name. Absolute paths are the reader's machine. */
const word = /(?<![\w/.:@$~{*-])(?:\.{1,2}\/)*(?:[\w.@*-]|<\w+>)+(?:\/(?:[\w.@*-]|<\w+>)+)*\/?/g;

/** Words that can only be names of files or folders of the repository. */
export function pathsIn(text: string, tree: Tree): string[] {
  const words = text.replace(url, ' ').match(word) ?? [];
  return words
    .map((found) => found.replace(/[.*]+$/, '').replace(/\.(d|test|distributed)$/, ''))
    .filter((found) => isPath(found, tree));
}

function isPath(name: string, tree: Tree): boolean {
  if (/^[.*<>]*$/.test(name) || name.startsWith('@')) return false;
  if (extension.test(name)) return !/^\.\w+$/.test(name);
  if (!name.includes('/')) return false;
  const [first = ''] = name.split('/');
  return name.endsWith('/') || first.startsWith('..') || tree.folders.has(first);
}

/**
 * Whether `name`, written in the file `from`, exists: from the root, from a folder above `from`, or as the end of a path. A document of the
 * whole repository may mean any file; a comment or a package's README means a file of its own package.
 */
export function exists(name: string, from: string, tree: Tree): boolean {
  const path = name.replace(/\/$/, '');
  if (isMade(path, tree)) return true;
  if (path.startsWith('.')) return existsAt(resolveDots(path, from), tree) || existsAt(path, tree);
  const bases = ['', ...foldersAbove(from).map((folder) => `${folder}/`)];
  return bases.some((base) => existsAt(`${base}${path}`, tree)) || endsPath(path, packageOf(from), tree);
}

/** A folder that .gitignore names: a command makes it, so it is there only after that command. */
function isMade(path: string, tree: Tree): boolean {
  if (!tree.files.has('.gitignore')) return false;
  const folders = tree.read('.gitignore').match(/^.+(?=\/$)/gm) ?? [];
  return folders.some((folder) => `/${path}/`.includes(`/${folder}/`));
}

function resolveDots(path: string, from: string): string {
  return new URL(path, `file:///${from}`).pathname.slice(1).replace(/\/$/, '');
}

function existsAt(path: string, tree: Tree): boolean {
  if (tree.files.has(path) || tree.folders.has(path)) return true;
  if (!/[<*]/.test(path)) return false;
  const pattern = new RegExp(`^${patternOf(path)}$`);
  return anyOf(tree, (one) => pattern.test(one));
}

function endsPath(path: string, within: string, tree: Tree): boolean {
  const pattern = new RegExp(`^${escapeRegExp(within)}(?:.*/)?${patternOf(path)}$`);
  return anyOf(tree, (one) => pattern.test(one));
}

const escapeRegExp = (text: string): string => text.replace(/[.+()[\]{}$^|?\\]/g, '\\$&');
const patternOf = (path: string): string => escapeRegExp(path).replace(/<\w+>|\*+/g, '[^/]*');

function anyOf(tree: Tree, test: (path: string) => boolean): boolean {
  return [...tree.files].some(test) || [...tree.folders].some(test);
}

/** `libs/bus/` of a file below it; empty for documents of the whole repository. */
function packageOf(path: string): string {
  const [first = '', second = '', third] = path.split('/');
  if (['libs', 'services', 'infra'].includes(first) && third !== undefined) return `${first}/${second}/`;
  return second === '' || ['docs', '.github', 'infra'].includes(first) ? '' : `${first}/`;
}
