/** Holds the table of CONTRIBUTING.md: who may import whom, and which libraries live in one place only. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allowedImports } from './testing/allowed-imports.ts';

const root = join(import.meta.dirname, '../../..');

/** Libraries with one home. */
const homes: readonly { readonly library: RegExp; readonly home: string }[] = [
  { library: /^kafkajs$/, home: 'libs/bus' },
  { library: /^(@clickhouse\/client|chdb)(\/|$)/, home: 'libs/store' },
  { library: /^avsc$/, home: 'libs/model' },
  { library: /^@opentelemetry\/(?!api$)/, home: 'libs/runtime' },
];

interface Import {
  readonly folder: string;
  readonly file: string;
  readonly name: string;
}

const imports: readonly Import[] = globSync('{libs,services,infra}/*/{src,contract}/**/*.{ts,tsx}', { cwd: root })
  .concat(globSync('loadtest/src/**/*.ts', { cwd: root }))
  .flatMap(importsOf);

function importsOf(file: string): Import[] {
  const folder = file.startsWith('loadtest') ? 'loadtest' : file.split('/').slice(0, 2).join('/');
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => ({
    folder,
    file,
    name: name ?? '',
  }));
}

const isTest = ({ file }: Import): boolean => /\.test\.tsx?$|\/testing\//.test(file);
const describeImport = ({ file, name }: Import): string => `${file} imports ${name}`;

it('reads the whole tree', () => {
  expect(new Set(imports.map(({ folder }) => folder))).toEqual(new Set(Object.keys(allowedImports)));
});

it('packages import only the packages below them', () => {
  const wrong = imports.filter((found) => {
    const target = /^@faultline\/([^/]+)/.exec(found.name)?.[1];
    return target !== undefined && !isTest(found) && !allowedImports[found.folder]?.includes(target);
  });
  expect(wrong.map(describeImport)).toEqual([]);
});

it('the notifier takes no more of the store than the text of queries', () => {
  const found = imports.filter((one) => one.folder === 'services/notifier' && one.name.startsWith('@faultline/store'));
  expect(new Set(found.map(({ name }) => name))).toEqual(new Set(['@faultline/store/evidence-query']));
});

it('nobody reaches into another package by path', () => {
  const wrong = imports.filter(({ folder, file, name }) => {
    if (!name.startsWith('.')) return false;
    const target = join(file, '..', name);
    return !target.startsWith(`${folder}/`) && !target.startsWith('protos/');
  });
  expect(wrong.map(describeImport)).toEqual([]);
});

it('adapters of the log share only what stands beside them', () => {
  const adapterOf = (path: string): string | undefined =>
    /^libs\/bus\/src\/(embedded|kafka|registry)\//.exec(path)?.[1];
  const between = imports.flatMap((found) => {
    const from = adapterOf(found.file);
    const to = found.name.startsWith('.') ? adapterOf(join(found.file, '..', found.name)) : undefined;
    return from === undefined || to === undefined ? [] : [{ found, isOther: from !== to }];
  });
  expect(between).not.toEqual([]);
  const wrong = between.filter(({ found, isOther }) => isOther && !isTest(found)).map(({ found }) => found);
  expect(wrong.map(describeImport)).toEqual([]);
});

it.each(homes)('$library is used only in $home', ({ library, home }) => {
  const wrong = imports.filter((found) => library.test(found.name) && found.folder !== home && !isTest(found));
  expect(wrong.map(describeImport)).toEqual([]);
});

it('outside runtime OpenTelemetry is its metrics only: spans come from runtime’s tracer', () => {
  const others = imports.filter(
    (one) => one.name === '@opentelemetry/api' && one.folder !== 'libs/runtime' && !isTest(one),
  );
  const used = new Set(
    others.map(
      ({ file }) => /import (.*) from '@opentelemetry\/api'/.exec(readFileSync(join(root, file), 'utf8'))?.[1],
    ),
  );
  expect(used).toEqual(new Set(['{ metrics }']));
  const pure = others.filter(({ folder }) => ['libs/model', 'libs/correlation'].includes(folder));
  expect(pure.map(describeImport)).toEqual([]);
});

it('the model and the core touch neither the machine nor the clock', () => {
  const pure = imports.filter((found) => ['libs/model', 'libs/correlation'].includes(found.folder) && !isTest(found));
  expect(pure.filter(({ name }) => name.startsWith('node:')).map(describeImport)).toEqual([]);
});

/** Folders whose subfolders follow the flow of data, so that none imports one that comes after it. */
const ordered = ['libs/correlation/src'];

it.each(ordered)('the folders of %s do not import one another in a circle', (parent) => {
  const folders = foldersImported(parent);
  expect(folders.size).toBeGreaterThan(3);
  const free = [...folders].filter(([, targets]) => targets.size === 0);
  for (const [name] of free) {
    folders.delete(name);
    for (const [other, targets] of folders) if (targets.delete(name) && targets.size === 0) free.push([other, targets]);
  }
  expect([...folders].map(([name, targets]) => `${name} imports ${[...targets].join(', ')}`)).toEqual([]);
});

/** Each subfolder with those that it imports; the files beside them are the folder `.`. Tests and what only tests use are left out. */
function foldersImported(parent: string): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  const folderOf = (path: string): string => path.slice(parent.length + 1).match(/^([^/]+)\//)?.[1] ?? '.';
  for (const found of imports) {
    if (!found.file.startsWith(`${parent}/`) || isTest(found)) continue;
    const from = folderOf(found.file);
    const targets = folders.get(from) ?? new Set<string>();
    folders.set(from, targets);
    const target = join(found.file, '..', found.name);
    if (found.name.startsWith('.') && folderOf(target) !== from) targets.add(folderOf(target));
  }
  return folders;
}
