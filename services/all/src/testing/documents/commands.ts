/** npm scripts in prose, with their words and flags behind ` -- `. All of it must be known to the code that runs. */
import { codeOf } from './prose.ts';
import type { Tree } from './tree.ts';

/** Scripts whose first word names a command. Of the others the words are the reader's own: a file, an incident. */
const withCommands = new Set(['bench', 'config']);
/** Where else the words of a script are read. */
const alsoRead: Readonly<Record<string, readonly string[]>> = { config: ['libs/runtime/src/config'] };

export interface Command {
  readonly script: string;
  /** What stands behind ` -- `. */
  readonly args: readonly string[];
}

export function commandsIn(text: string): Command[] {
  // In a table of Markdown a bar is escaped.
  const found = text
    .replaceAll('\\|', '|')
    .matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(test|start)\b)(?: -- ([^`\n#;&)"]*))?/g);
  return [...found].map(([, run, short, args = '']) => ({
    script: (run ?? short ?? '').replace(/[:-]+$/, ''),
    args: args.split(/\s+/).filter(Boolean),
  }));
}

/** The words of a command that nothing knows; empty when all is well. */
export function unknownIn({ script, args }: Command, tree: Tree): string[] {
  const line = scriptsOf(tree)[script];
  if (line === undefined) return [`npm run ${script}`];
  const code = codeBehind(script, line, tree);
  const flags = args.filter((arg) => /^\[?--[a-z]/.test(arg)).map((arg) => arg.replace(/^\[?--|[\],.:=].*$/g, ''));
  const words = withCommands.has(script) ? (args[0] ?? '').split('|').filter((one) => /^[a-z][\w-]*$/.test(one)) : [];
  const unknownFlags = flags.filter((flag) => !knows(code.text, flag)).map((flag) => `--${flag}`);
  const unknownWords = words.filter((one) => !knows(code.text, one) && !code.files.has(`${one}.ts`));
  return [...unknownFlags, ...unknownWords].map((one) => `npm run ${script} -- ${one}`);
}

function scriptsOf(tree: Tree): Readonly<Record<string, string>> {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(tree.read('package.json'));
  return scripts;
}

/** The code that a script runs: the folder of its entry, and folders named above. */
function codeBehind(script: string, line: string, tree: Tree): { text: string; files: ReadonlySet<string> } {
  const entries = [...line.matchAll(/node (\S+)\/[\w.-]+\.ts/g)].map(([, folder = '']) => folder);
  const folders = [...entries, ...(alsoRead[script] ?? [])];
  const files = [...tree.files].filter(
    (path) => /\.ts$/.test(path) && folders.some((one) => path.startsWith(`${one}/`)),
  );
  const names = new Set(files.map((path) => path.split('/').at(-1) ?? ''));
  return { text: files.map((path) => codeOf(path, tree.read(path))).join('\n'), files: names };
}

const knows = (code: string, name: string): boolean => new RegExp(`['"]${name}['"]|(?<![\\w-])${name}:`).test(code);
