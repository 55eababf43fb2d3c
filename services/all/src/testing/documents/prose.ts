/** What people read in a file: a document as a whole, of a source file its comments. */

export interface Prose {
  readonly path: string;
  readonly text: string;
}

const comments: readonly { readonly files: RegExp; readonly comment: RegExp }[] = [
  { files: /\.(ts|tsx|proto|css)$/, comment: /(?<=^|\s)(?:\/\*[\s\S]*?\*\/|\/\/.*)/gm },
  { files: /\.sql$/, comment: /--.*/g },
  { files: /(\.(yaml|yml|sh|toml|env)|Dockerfile|\.ci\/run)$/, comment: /(?<=^|\s)#.*/gm },
];

/** Null for a file in which there is nothing to read. Generated documents are read as well: their texts come from the code. */
export function proseOf(path: string, text: string): Prose | null {
  if (/(^|\/)(snapshots|testdata)\//.test(path) && !path.endsWith('.md')) return null;
  if (path === 'CHANGELOG.md') return { path, text: untilFirstRelease(text) };
  if (path.endsWith('.md')) return { path, text };
  const kind = comments.find(({ files }) => files.test(path));
  return kind === undefined ? null : { path, text: (text.match(kind.comment) ?? []).map(joinLines).join('\n') };
}

/** Code without its comments: what a command really knows. */
export function codeOf(path: string, text: string): string {
  const kind = comments.find(({ files }) => files.test(path));
  return kind === undefined ? text : text.replace(kind.comment, '');
}

/** Entries of a release describe that release, and stay as they were. */
function untilFirstRelease(text: string): string {
  return text.split(/^## \[?\d/m, 1)[0] ?? '';
}

/** A command may be broken across two lines of one comment. */
function joinLines(comment: string): string {
  return comment.replace(/\n\s*\*(?!\/)\s?/g, ' ');
}
