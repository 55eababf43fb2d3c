/** What documents and comments name exists: files, folders, commands, settings, decisions. `testing/documents/exceptions.ts` lists what lies elsewhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAppConfig } from './index.ts';
import { sections } from './sections.ts';
import { allowedImports } from './testing/allowed-imports.ts';
import { exceptions } from './testing/documents/exceptions.ts';
import { brokenReferences } from './testing/documents/references.ts';
import { settingsOf } from './testing/documents/settings.ts';
import { readTree, treeOf } from './testing/documents/tree.ts';

const tree = readTree(join(import.meta.dirname, '../../..'));
const settings = settingsOf(sections);

describe('the repository', () => {
  const broken = brokenReferences(tree, settings);
  const isExcepted = (name: string): boolean => exceptions.some((one) => one.name.test(name));

  it('has everything that its documents and comments name', () => {
    expect(broken.filter(({ name }) => !isExcepted(name))).toEqual([]);
  });

  it('needs every exception', () => {
    const unused = exceptions.filter((one) => !broken.some(({ name }) => one.name.test(name)));
    expect(unused).toEqual([]);
  });
});

describe('a reference', () => {
  const base = {
    'package.json': JSON.stringify({
      scripts: { bench: 'node load/bench/main.ts', fit: 'node load/fit/main.ts', test: 'vitest' },
    }),
    'load/bench/main.ts': '',
    'load/bench/bus.ts': '',
    'load/fit/main.ts': "parseArgs({ options: { out: {}, 'at-once': {} } }) // --gone",
    'docs/adr/0007-kinds.md': '',
    'services/a/src/list.ts': '',
    'services/b/src/stages/decide.ts': '',
    'services/b/src/stages/stages.test.ts': '',
  };
  const namesIn = (path: string, text: string): string[] =>
    brokenReferences(treeOf({ ...base, [path]: text }), settings).map(({ kind, name }) => `${kind} ${name}`);

  it.each([
    [
      'path',
      '`services/a/src/list.ts`, [it](services/a/src/list.ts), src/<name>.ts, ./docs/adr/0007-kinds.md, stages/',
    ],
    ['path elsewhere', 'https://example.org/docs/none.md, /etc/none.yaml, @scope/none.ts'],
    ['command', '`npm run bench -- bus|main`, `npm run fit -- --out FILE --at-once 3`, `npm test`'],
    ['setting', '`bus.kafka.brokers`, `notifier.channels[].name`, `FAULTLINE_AUTH__TOKENS__0__HASH`'],
    ['decision', 'ADR 0007 and ADR 7'],
  ])('to what exists is left alone: %s', (_, text) => {
    expect(namesIn('README.md', text)).toEqual([]);
  });

  it.each([
    ['`services/a/src/index.ts`', ['path services/a/src/index.ts']],
    ['see channels/index.ts', ['path channels/index.ts']],
    ['in `services/c/`', ['path services/c/']],
    ['[decision](docs/adr/0008-none.md)', ['path docs/adr/0008-none.md']],
    ['`npm run none`', ['command npm run none']],
    ['`npm run bench -- bus|none`', ['command npm run bench -- none']],
    ['`npm run fit -- --gone`', ['command npm run fit -- --gone']],
    ['`bus.kafka.none`', ['setting bus.kafka.none']],
    ['FAULTLINE_HTTP__NONE', ['setting FAULTLINE_HTTP__NONE']],
    ['ADR 0007, 0008', ['decision 0008']],
  ])('in a document to what is gone is found: %s', (text, names) => {
    expect(namesIn('README.md', text)).toEqual(names);
  });

  it('in a comment means its own package, unless it begins at the root', () => {
    const inComment = (comment: string) =>
      namesIn('services/b/src/stages/page.ts', `const text = 'none.ts'; // ${comment}`);
    expect(inComment('see stages.test.ts, stages/decide.ts and services/a/src/list.ts')).toEqual([]);
    expect(inComment('see decide.test.ts and list.ts')).toEqual(['path decide.test.ts', 'path list.ts']);
  });

  it('of an earlier release is history', () => {
    expect(namesIn('CHANGELOG.md', '# Changelog\n## Unreleased\n- `a/new.ts`\n## 0.1.0\n- `a/old.ts`')).toEqual([
      'path a/new.ts',
    ]);
  });
});

describe('examples', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-documents-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, 'text');

  const documents = ['README.md', 'docs/deployment.md'];
  const blocks = documents.flatMap((path) =>
    [...tree.read(path).matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => ({ path, yaml })),
  );
  const isConfiguration = (yaml: string): boolean =>
    (yaml.match(/^\w+(?=:)/gm) ?? []).every((key) => settings.sections.includes(key));
  const shown = blocks.filter(({ yaml }) => isConfiguration(yaml));

  it('show configuration', () => expect(shown.length).toBeGreaterThan(1));

  it.each(shown)('$path: the configuration is one: $yaml', ({ yaml }) => {
    const file = join(folder, 'faultline.yaml');
    writeFileSync(file, yaml.replace(/\{ file: [^}]*\}/g, `{ file: ${secretFile} }`));
    const env = Object.fromEntries([...yaml.matchAll(/\{ env: (\w+) \}/g)].map(([, name]) => [name, 'text']));
    expect(() => loadAppConfig({ file, folder, env })).not.toThrow();
  });
});

/** Names of packages as the table of CONTRIBUTING.md writes them: a list, `all` of them, or none. */
describe('CONTRIBUTING.md', () => {
  const rows = tree
    .read('CONTRIBUTING.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, folder = '', , mayImport]) => /^`[\w/]+\/`$/.test(folder) && mayImport !== undefined)
    .map(([, folder = '', , mayImport = '']) => [folder.replace(/^`|\/`$/g, ''), mayImport] as const);

  it('has the rows of the import rule, and what each may import', () => {
    const told = rows.filter(([folder]) => folder in allowedImports);
    const expected = Object.entries(allowedImports).map(([folder, names]) => [folder, names.join(', ') || 'none']);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
  });
});
